using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using KeyManager.Files;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Writes a certificate, its chain and its key to files, all of them or none.</summary>
public sealed class ExportCertificate(KeyManagerPorts ports)
{
    /// <summary>The files an export would write; touches nothing. For -WhatIf and for the confirmation.</summary>
    public IReadOnlyList<ExportedFile> Plan(string certificateId, ExportRequest request)
    {
        Certificate certificate = ports.Store.Read(session => Lookup.Certificate(session, certificateId));
        return Layout(certificate, request, FormatOf(certificate, request));
    }

    /// <summary>Writes the files.</summary>
    /// <exception cref="ConflictException">KmFileExists: a file is there and overwriting was not asked for.</exception>
    /// <exception cref="KeyMaterialException">KmKeystorePasswordRequired; KmPrivateKeyNotFound: the key is not stored here.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable.</exception>
    public IReadOnlyList<ExportedFile> Run(string certificateId, ExportRequest request)
    {
        Certificate certificate = ports.Store.Read(session => Lookup.Certificate(session, certificateId));
        ExportFormat format = FormatOf(certificate, request);
        IReadOnlyList<ExportedFile> layout = Layout(certificate, request, format);
        if (!request.Overwrite && layout.FirstOrDefault(f => File.Exists(f.Path)) is ExportedFile existing)
        {
            throw new ConflictException(ConflictKind.Exists, ErrorIds.FileExists, $"The file '{existing.Path}' exists.")
            {
                Target = existing.Path,
                Remedy = "Use -Force to replace it, or another -Path.",
            };
        }

        bool withKey = layout.Any(f => f.IsPrivate);
        // The key last: nothing that can still fail may leave it in memory.
        (IReadOnlyList<byte[]> chain, string? password, KeyPair? key) = ports.Store.Read(session => (
            Chain(session, certificate, request),
            PasswordOf(session, certificate, request, format),
            withKey ? KeyOf(session, certificate) : null));
        using (key)
        {
            List<FileContent> files = [.. layout.Select(file => new FileContent(file.Path, Content(certificate, chain, key, password, request, file.Content), file.IsPrivate))];
            try
            {
                MakeFolders(files);
                ports.Files.WriteAll(files);
            }
            finally
            {
                foreach (FileContent file in files.Where(f => f.IsPrivate))
                {
                    Array.Clear(file.Content, 0, file.Content.Length);
                }
            }
        }

        ports.Store.Write(session => session.Audit.Append(new AuditEntry(
            "Certificate", withKey ? "CertificateExportedWithKey" : "CertificateExported", certificate.Id, certificate.Name, string.Join(", ", layout.Select(f => f.Path)))));
        return layout;
    }

    /// <summary>Folders get the usual rights: a server has to reach the certificates in them, and a key file is private by its own rights.</summary>
    private static void MakeFolders(IEnumerable<FileContent> files)
    {
        foreach (string folder in files.Select(f => Path.GetDirectoryName(Path.GetFullPath(f.Path))).OfType<string>().Distinct())
        {
            try
            {
                _ = Directory.CreateDirectory(folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new DeploymentException(ErrorIds.FileNotWritable, $"The folder '{folder}' cannot be made: {e.Message.TrimEnd('.')}.", e)
                {
                    Target = folder,
                    Remedy = "Make it, or choose another -Path.",
                };
            }
        }
    }

    private static ExportFormat FormatOf(Certificate certificate, ExportRequest request) => request.Format ?? certificate.KeystoreType switch
    {
        KeystoreType.Jks => ExportFormat.Jks,
        KeystoreType.Pem => ExportFormat.Pem,
        _ => ExportFormat.Pkcs12,
    };

    private static List<ExportedFile> Layout(Certificate certificate, ExportRequest request, ExportFormat format)
    {
        string name = request.FileName ?? SafeName(certificate.Name);
        if (name != SafeName(name))
        {
            // A name with a folder in it would leave the folder that the user chose.
            throw new InvalidRequestException(ErrorIds.InvalidParameter, $"'{name}' cannot be the name of a file.")
            {
                Target = name,
                Remedy = "Give a name without a folder and without any of * ? : \" < > | / \\ in -FileName; the folder belongs into -Path.",
            };
        }

        bool folder = request.PathIsFolder || format == ExportFormat.Pem;
        ExportedFile One(string extension, string content, bool isPrivate) => new()
        {
            Path = folder ? Path.Combine(request.Path, name + extension) : request.Path,
            Content = content,
            IsPrivate = isPrivate,
            Name = certificate.Name,
            Thumbprint = certificate.Thumbprint,
        };
        switch (format)
        {
            case ExportFormat.Pkcs12:
                return [One(".pfx", "Pkcs12", !request.WithoutKey)];
            case ExportFormat.Jks:
                return [One(".jks", "Jks", !request.WithoutKey)];
            case ExportFormat.Der:
                return [One(".cer", "Certificate", false)];
            case ExportFormat.P7b:
                return [One(".p7b", "P7b", false)];
            default:
                // The key first: a server that reloads in between finds the old certificate with the new key and refuses, never the reverse unnoticed.
                List<ExportedFile> files = request.WithoutKey ? [] : [One(".key", "PrivateKey", true)];
                files.Add(One(".crt", "CertificatePem", false));
                files.Add(One(".chain.crt", "Chain", false));
                files.Add(One(".fullchain.crt", "FullChain", false));
                return files;
        }
    }

    private byte[] Content(Certificate certificate, IReadOnlyList<byte[]> chain, KeyPair? key, string? password, ExportRequest request, string content)
    {
        switch (content)
        {
            case "PrivateKey":
                return ports.Keys.ToPem(key!, password); // the layout holds a private file only when there is a key
            case "Certificate":
                return certificate.Der;
            case "CertificatePem":
                return ports.Certificates.ToPem([certificate.Der]);
            case "Chain":
                return ports.Certificates.ToPem(chain);
            case "FullChain":
                return ports.Certificates.ToPem([certificate.Der, .. chain]);
            case "P7b":
                return ports.Certificates.ToPkcs7([certificate.Der, .. chain]);
            default:
                IKeystoreFormat format = ports.KeystoreFormats.First(f => f.Type.ToString() == content);
                KeystoreEntry entry = new() { Alias = certificate.Name, Key = key, Certificates = [certificate.Der, .. chain] };
                return format.Write([entry], new KeystoreOptions { Password = password, Pkcs12Protection = request.Pkcs12Protection });
        }
    }

    private IReadOnlyList<byte[]> Chain(IStoreSession session, Certificate certificate, ExportRequest request)
    {
        IReadOnlyList<byte[]> chain = session.Certificates.GetChain(certificate.Id);
        return request.WithoutRoot ? [.. chain.Where(der => !ports.Certificates.Parse(der).IsSelfSigned)] : chain;
    }

    private KeyPair KeyOf(IStoreSession session, Certificate certificate) => certificate.PrivateKeyId is string id
        ? Lookup.KeyPair(session, ports.Keys, id)
        : throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The private key of {certificate} is not stored here.")
        {
            Target = certificate.Name,
            Remedy = "Import it with Import-KmPrivateKey, or export with -WithoutPrivateKey.",
        };

    private static string? PasswordOf(IStoreSession session, Certificate certificate, ExportRequest request, ExportFormat format)
    {
        if (request.Password is not null || format is ExportFormat.Pem or ExportFormat.Der or ExportFormat.P7b)
        {
            return request.Password;
        }

        byte[] stored = session.Secrets.Get(SecretRef.KeystorePassword(certificate.LineageId)) ?? throw new KeyMaterialException(
            ErrorIds.KeystorePasswordRequired, $"A {format} file needs a password, and none is stored for {certificate.Name}.")
        {
            Target = certificate.Name,
            Remedy = "Give one with -Password (Read-Host -AsSecureString); with -KeystorePassword on the order it is remembered.",
        };
        string password = Encoding.UTF8.GetString(stored);
        Array.Clear(stored, 0, stored.Length);
        return password;
    }

    /// <summary>A file name for any entry name: *.contoso.com becomes _.contoso.com, as other tools of the field have it.</summary>
    private static string SafeName(string name)
    {
        char[] bad = [.. Path.GetInvalidFileNameChars(), '*', '?', ':', '"', '<', '>', '|', '/', '\\'];
        string safe = new([.. name.Select(c => bad.Contains(c) ? '_' : c)]);
        return safe.Trim('.').Length == 0 ? "certificate" : safe;
    }
}
