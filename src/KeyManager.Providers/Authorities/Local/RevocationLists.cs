using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using KeyManager.Files;
using KeyManager.Authorities;
using KeyManager.Providers.Files;
using KeyManager.Storage;

namespace KeyManager.Providers.Authorities.Local;

/// <summary>Writes the revocation lists of a private authority to files, one for each issuing authority that still has living certificates.</summary>
internal sealed class RevocationLists(IStore store, Clock clock, IFileWriter files, string defaultFolder)
{
    /// <summary>File name of the list of one issuing authority. It stands in certificates, so it must not change when the account gets another name.</summary>
    public static string FileName(AuthorityAccount account, LocalData.IssuingAuthority issuing) => $"{account.Id}-{issuing.Number}.crl";

    /// <summary>Makes the folder that the account names, readable by all: a web server hands the lists out.</summary>
    /// <exception cref="InvalidRequestException">KmInvalidSetting: it is no full path.</exception>
    /// <exception cref="DeploymentException">KmFileNotWritable: it cannot be made.</exception>
    public static void MakeFolder(LocalSettings settings)
    {
        if (settings.CrlPath is not string folder)
        {
            return;
        }

        if (!Path.IsPathRooted(folder))
        {
            throw new InvalidRequestException(ErrorIds.InvalidSetting, $"The setting CrlPath is '{folder}', which is no full path: each process would look for it below another folder.")
            {
                Target = "CrlPath",
                Remedy = "Give the full path of the folder.",
            };
        }

        try
        {
            PublicFolder.Create(Path.GetFullPath(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DeploymentException(ErrorIds.FileNotWritable, $"The folder '{folder}' for the revocation lists cannot be made: {e.Message.TrimEnd('.')}.", e)
            {
                Target = folder,
                Remedy = "Make it so that this user may write into it and the web server may read it, or choose another CrlPath.",
            };
        }
    }

    /// <summary>Writes the lists when the current one is missing or half of its time is over.</summary>
    public void WriteWhenStale(AuthorityContext context, LocalData data)
    {
        LocalSettings settings = LocalSettings.Of(context);
        FileInfo file = new(Path.Combine(Folder(settings), FileName(context.Account, data.Current)));
        if (!file.Exists || clock.UtcNow - file.LastWriteTimeUtc > TimeSpan.FromDays(settings.CrlDays / 2.0))
        {
            Write(context, data);
        }
    }

    /// <summary>Writes the lists now. A folder that cannot be written is a warning: the revocation itself is stored and the list can be written later.</summary>
    public void Write(AuthorityContext context, LocalData data)
    {
        LocalSettings settings = LocalSettings.Of(context);
        DateTimeOffset now = clock.UtcNow;
        (IReadOnlyList<IssuedRecord> revoked, long number) = store.Write(session => (session.Issued.ListRevoked(context.Account.Id), session.Issued.NextCrlNumber(context.Account.Id)));
        Org.BouncyCastle.X509.X509CertificateParser parser = new();
        ILookup<string, IssuedRecord> byIssuer = revoked.Where(r => r.NotAfter > now).ToLookup(r => parser.ReadCertificate(r.Der).IssuerDN.ToString());
        List<FileContent> lists = [];
        foreach (LocalData.IssuingAuthority issuing in data.Issuing.Where(i => i.NotAfter > now))
        {
            byte[] key = context.GetSecret(issuing.KeyName)
                ?? throw new KeyMaterialException(ErrorIds.PrivateKeyNotFound, $"The key '{issuing.KeyName}' of the account {context.Account} is missing.") { Target = context.Account.Name };
            string issuer = parser.ReadCertificate(issuing.Certificate).SubjectDN.ToString();
            byte[] list = CertificateBuilder.BuildRevocationList(
                issuing.Certificate,
                key,
                settings.KeySpec,
                byIssuer[issuer].Select(r => (r.SerialNumber, r.RevokedAt ?? now, r.Reason ?? RevocationReason.Unspecified)),
                number,
                now,
                now.AddDays(settings.CrlDays));
            Array.Clear(key, 0, key.Length);
            lists.Add(new FileContent(Path.Combine(Folder(settings), FileName(context.Account, issuing)), list, IsPrivate: false));
        }

        try
        {
            files.WriteAll(lists);
        }
        catch (DeploymentException e)
        {
            context.Reporter.Warn($"The revocation list could not be written: {e.Message} It is written again at the next revocation, or by Test-KmAccount {context.Account.Name}.");
        }
    }

    private string Folder(LocalSettings settings) => settings.CrlPath ?? defaultFolder;
}
