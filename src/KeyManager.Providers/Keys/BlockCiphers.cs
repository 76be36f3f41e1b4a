using System;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Modes;
using Org.BouncyCastle.Crypto.Paddings;
using Org.BouncyCastle.Crypto.Parameters;

namespace KeyManager.Providers.Keys;

/// <summary>CBC with PKCS#7 padding, the only way in which key files use block ciphers.</summary>
internal static class BlockCiphers
{
    public static byte[] Encrypt(IBlockCipher engine, ICipherParameters key, byte[] iv, byte[] plain) => Run(engine, key, iv, plain, true);

    /// <exception cref="UnusableBytesException">KmWrongPassword: the padding is wrong, which is all that a wrong key shows.</exception>
    public static byte[] Decrypt(IBlockCipher engine, ICipherParameters key, byte[] iv, byte[] data)
    {
        if (iv.Length != engine.GetBlockSize() || data.Length == 0 || data.Length % engine.GetBlockSize() != 0)
        {
            throw new FormatException("The encrypted data is cut short.");
        }

        try
        {
            return Run(engine, key, iv, data, false);
        }
        catch (InvalidCipherTextException e)
        {
            throw WrongPassword(e);
        }
    }

    public static UnusableBytesException WrongPassword(Exception? innerException = null) => new(
        ErrorIds.WrongPassword,
        "cannot be opened with this password",
        "Give the right password. If it is right, the file is damaged: get it again.",
        innerException);

    private static byte[] Run(IBlockCipher engine, ICipherParameters key, byte[] iv, byte[] data, bool encrypt)
    {
        PaddedBufferedBlockCipher cipher = new(new CbcBlockCipher(engine), new Pkcs7Padding());
        cipher.Init(encrypt, new ParametersWithIV(key, iv));
        return cipher.DoFinal(data);
    }
}
