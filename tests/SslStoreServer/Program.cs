using KeyManager.Tests.Support.SslStore;

// The folder is where its DNS records lie.
SslStoreProgram.Run(args[0]);
