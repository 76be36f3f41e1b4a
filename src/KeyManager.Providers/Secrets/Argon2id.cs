using System;
using Org.BouncyCastle.Crypto.Digests;

namespace KeyManager.Providers.Secrets;

/// <summary>Argon2id version 19 (RFC 9106). Here because Portable.BouncyCastle, one of the two lines we build with, has none.</summary>
/// <remarks>Lanes are filled one after the other; with the one lane that we use there is nothing to gain from threads.</remarks>
internal sealed class Argon2id
{
    private const int BlockWords = 128;
    private const int SyncPoints = 4;
    private const int Version = 0x13;
    private const int TypeId = 2;

    private readonly int _passes;
    private readonly int _lanes;
    private readonly int _laneLength;
    private readonly int _segmentLength;
    private readonly ulong[] _memory;
    private readonly ulong[] _work = new ulong[BlockWords];
    private readonly ulong[] _input = new ulong[BlockWords];
    private readonly ulong[] _addresses = new ulong[BlockWords];

    private Argon2id(int memoryKiB, int passes, int lanes)
    {
        _passes = passes;
        _lanes = lanes;
        _segmentLength = memoryKiB / (SyncPoints * lanes);
        _laneLength = _segmentLength * SyncPoints;
        _memory = new ulong[(long)_laneLength * lanes * BlockWords];
    }

    /// <summary>Derives <paramref name="length"/> bytes.</summary>
    public static byte[] Derive(byte[] password, byte[] salt, int memoryKiB, int passes, int lanes, int length, byte[]? secret = null, byte[]? associatedData = null)
    {
        Argon2id run = new(memoryKiB, passes, lanes);
        byte[] seed = Seed(password, salt, memoryKiB, passes, lanes, length, secret ?? [], associatedData ?? []);
        try
        {
            run.FillFirstBlocks(seed);
            for (int pass = 0; pass < passes; pass++)
            {
                for (int slice = 0; slice < SyncPoints; slice++)
                {
                    for (int lane = 0; lane < lanes; lane++)
                    {
                        run.FillSegment(pass, slice, lane);
                    }
                }
            }

            return run.Finish(length);
        }
        finally
        {
            Array.Clear(seed, 0, seed.Length);
            Array.Clear(run._memory, 0, run._memory.Length);
        }
    }

    /// <summary>H0, RFC 9106 §3.2 step 1.</summary>
    private static byte[] Seed(byte[] password, byte[] salt, int memoryKiB, int passes, int lanes, int length, byte[] secret, byte[] associatedData)
    {
        Blake2bDigest digest = new(512);
        foreach (int number in (int[])[lanes, length, memoryKiB, passes, Version, TypeId])
        {
            Update(digest, number);
        }

        foreach (byte[] field in (byte[][])[password, salt, secret, associatedData])
        {
            Update(digest, field.Length);
            digest.BlockUpdate(field, 0, field.Length);
        }

        byte[] seed = new byte[64];
        _ = digest.DoFinal(seed, 0);
        return seed;
    }

    /// <summary>The variable-length hash H', §3.3.</summary>
    private static byte[] LongHash(byte[] input, int length)
    {
        byte[] output = new byte[length];
        Blake2bDigest digest = new(Math.Min(length, 64) * 8);
        Update(digest, length);
        digest.BlockUpdate(input, 0, input.Length);
        byte[] part = new byte[Math.Min(length, 64)];
        _ = digest.DoFinal(part, 0);
        if (length <= 64)
        {
            return part;
        }

        int position = 0;
        while (true)
        {
            Buffer.BlockCopy(part, 0, output, position, 32);
            position += 32;
            int rest = length - position;
            digest = new Blake2bDigest(Math.Min(rest, 64) * 8);
            digest.BlockUpdate(part, 0, part.Length);
            part = new byte[Math.Min(rest, 64)];
            _ = digest.DoFinal(part, 0);
            if (rest <= 64)
            {
                Buffer.BlockCopy(part, 0, output, position, rest);
                return output;
            }
        }
    }

    private static void Update(Blake2bDigest digest, int number) =>
        digest.BlockUpdate([(byte)number, (byte)(number >> 8), (byte)(number >> 16), (byte)(number >> 24)], 0, 4);

    private static byte[] ToBytes(ulong[] words, int from)
    {
        byte[] bytes = new byte[BlockWords * 8];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(words[from + (i >> 3)] >> (8 * (i & 7)));
        }

        return bytes;
    }

    private void FillFirstBlocks(byte[] seed)
    {
        for (int lane = 0; lane < _lanes; lane++)
        {
            for (int column = 0; column < 2; column++)
            {
                byte[] input = new byte[72];
                Buffer.BlockCopy(seed, 0, input, 0, 64);
                input[64] = (byte)column;
                input[68] = (byte)lane;
                byte[] block = LongHash(input, BlockWords * 8);
                int start = Start(lane, column);
                for (int i = 0; i < block.Length; i++)
                {
                    _memory[start + (i >> 3)] |= (ulong)block[i] << (8 * (i & 7));
                }
            }
        }
    }

    private int Start(int lane, int column) => ((lane * _laneLength) + column) * BlockWords;

    private void FillSegment(int pass, int slice, int lane)
    {
        // Argon2id: the first half of the first pass chooses its references without looking at the data, §3.4.
        bool independent = pass == 0 && slice < SyncPoints / 2;
        if (independent)
        {
            Array.Clear(_input, 0, BlockWords);
            _input[0] = (ulong)pass;
            _input[1] = (ulong)lane;
            _input[2] = (ulong)slice;
            _input[3] = (ulong)(_laneLength * _lanes);
            _input[4] = (ulong)_passes;
            _input[5] = TypeId;
        }

        int first = pass == 0 && slice == 0 ? 2 : 0;
        if (independent && first == 2)
        {
            NextAddresses();
        }

        for (int index = first; index < _segmentLength; index++)
        {
            int column = (slice * _segmentLength) + index;
            int previous = Start(lane, column == 0 ? _laneLength - 1 : column - 1);
            if (independent && index % BlockWords == 0)
            {
                NextAddresses();
            }

            ulong random = independent ? _addresses[index % BlockWords] : _memory[previous];
            int referenceLane = pass == 0 && slice == 0 ? lane : (int)((random >> 32) % (ulong)_lanes);
            int referenceColumn = ChooseColumn(pass, slice, index, referenceLane == lane, (uint)random);
            Compress(_memory, previous, _memory, Start(referenceLane, referenceColumn), _memory, Start(lane, column), xorInto: pass > 0);
        }
    }

    private void NextAddresses()
    {
        _input[6]++;
        ulong[] zero = new ulong[BlockWords];
        Compress(zero, 0, _input, 0, _addresses, 0, xorInto: false);
        Compress(zero, 0, _addresses, 0, _addresses, 0, xorInto: false);
    }

    /// <summary>§3.4.2.</summary>
    private int ChooseColumn(int pass, int slice, int index, bool sameLane, uint random)
    {
        int area = pass == 0
            ? slice * _segmentLength
            : _laneLength - _segmentLength;
        area += sameLane ? index - 1 : (index == 0 ? -1 : 0);

        ulong square = ((ulong)random * random) >> 32;
        long relative = area - 1 - (long)(((ulong)area * square) >> 32);
        int start = pass == 0 || slice == SyncPoints - 1 ? 0 : (slice + 1) * _segmentLength;
        return (int)((start + relative) % _laneLength);
    }

    /// <summary>The compression function G, §3.5.</summary>
    private void Compress(ulong[] x, int xStart, ulong[] y, int yStart, ulong[] target, int targetStart, bool xorInto)
    {
        ulong[] z = _work;
        for (int i = 0; i < BlockWords; i++)
        {
            z[i] = x[xStart + i] ^ y[yStart + i];
        }

        // Keep R in the target (with what it held, on later passes) while z is permuted.
        for (int i = 0; i < BlockWords; i++)
        {
            target[targetStart + i] = xorInto ? target[targetStart + i] ^ z[i] : z[i];
        }

        for (int row = 0; row < 8; row++)
        {
            int a = row * 16;
            Permute(z, a, a + 1, a + 2, a + 3, a + 4, a + 5, a + 6, a + 7, a + 8, a + 9, a + 10, a + 11, a + 12, a + 13, a + 14, a + 15);
        }

        for (int column = 0; column < 8; column++)
        {
            int a = column * 2;
            Permute(z, a, a + 1, a + 16, a + 17, a + 32, a + 33, a + 48, a + 49, a + 64, a + 65, a + 80, a + 81, a + 96, a + 97, a + 112, a + 113);
        }

        for (int i = 0; i < BlockWords; i++)
        {
            target[targetStart + i] ^= z[i];
        }
    }

    private static void Permute(ulong[] z, int i0, int i1, int i2, int i3, int i4, int i5, int i6, int i7, int i8, int i9, int i10, int i11, int i12, int i13, int i14, int i15)
    {
        Mix(ref z[i0], ref z[i4], ref z[i8], ref z[i12]);
        Mix(ref z[i1], ref z[i5], ref z[i9], ref z[i13]);
        Mix(ref z[i2], ref z[i6], ref z[i10], ref z[i14]);
        Mix(ref z[i3], ref z[i7], ref z[i11], ref z[i15]);
        Mix(ref z[i0], ref z[i5], ref z[i10], ref z[i15]);
        Mix(ref z[i1], ref z[i6], ref z[i11], ref z[i12]);
        Mix(ref z[i2], ref z[i7], ref z[i8], ref z[i13]);
        Mix(ref z[i3], ref z[i4], ref z[i9], ref z[i14]);
    }

    private static void Mix(ref ulong a, ref ulong b, ref ulong c, ref ulong d)
    {
        ulong va = a, vb = b, vc = c, vd = d;
        va += vb + (2 * (ulong)(uint)va * (uint)vb);
        vd = RotateRight(vd ^ va, 32);
        vc += vd + (2 * (ulong)(uint)vc * (uint)vd);
        vb = RotateRight(vb ^ vc, 24);
        va += vb + (2 * (ulong)(uint)va * (uint)vb);
        vd = RotateRight(vd ^ va, 16);
        vc += vd + (2 * (ulong)(uint)vc * (uint)vd);
        vb = RotateRight(vb ^ vc, 63);
        (a, b, c, d) = (va, vb, vc, vd);
    }

    private static ulong RotateRight(ulong value, int bits) => (value >> bits) | (value << (64 - bits));

    private byte[] Finish(int length)
    {
        ulong[] last = new ulong[BlockWords];
        for (int lane = 0; lane < _lanes; lane++)
        {
            int start = Start(lane, _laneLength - 1);
            for (int i = 0; i < BlockWords; i++)
            {
                last[i] ^= _memory[start + i];
            }
        }

        byte[] block = ToBytes(last, 0);
        byte[] tag = LongHash(block, length);
        Array.Clear(block, 0, block.Length);
        return tag;
    }
}
