using KeyManager.Tests.Support.EmSign;
using KeyManager.Tests.Support.SslStore;

// The folder is where its DNS records lie.
if (args.Length > 1 && args[1] == "emsign")
{
    EmSignProgram.Run(args[0]);
}
else
{
    SslStoreProgram.Run(args[0]);
}
