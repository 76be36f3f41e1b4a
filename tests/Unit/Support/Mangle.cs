using System;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace KeyManager.Tests.Support;

/// <summary>Properties of readers: any bytes are read or refused with one of our own errors, whatever was done to them.</summary>
public static class Mangle
{
    /// <summary>Random bytes, and the samples with bytes changed, removed, doubled and cut off.</summary>
    public static void Check(Action<byte[]> read, int runs, params byte[][] samples)
    {
        Gen<byte[]> anything = ArbMap.Default.GeneratorFor<byte[]>();
        Gen<byte[]> mangled = from sample in Gen.Elements(samples)
                              from kind in Gen.Choose(0, 4)
                              from position in Gen.Choose(0, sample.Length - 1)
                              from other in Gen.Choose(0, 255)
                              from count in Gen.Choose(1, 4)
                              select Change(sample, kind, position, (byte)other, count);
        Gen<byte[]> bytes = Gen.Frequency((1, anything), (5, mangled));
        Prop.ForAll(Arb.From(bytes), data =>
        {
            try
            {
                read(data);
            }
            catch (KeyManagerException e)
            {
                Assert.NotEmpty(e.Message);
                Assert.False(string.IsNullOrEmpty(e.Remedy), $"'{e.Message}' has no remedy.");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(runs));
    }

    private static byte[] Change(byte[] sample, int kind, int position, byte other, int count)
    {
        int end = Math.Min(sample.Length, position + count);
        switch (kind)
        {
            case 0:
                return [.. sample.Take(position)];
            case 1:
                return [.. sample.Take(position), .. sample.Skip(end)];
            case 2:
                return [.. sample.Take(end), .. sample.Skip(position)];
            default:
                byte[] changed = (byte[])sample.Clone();
                changed[position] = kind == 3 ? other : (byte)(changed[position] ^ (1 << (other & 7)));
                return changed;
        }
    }
}
