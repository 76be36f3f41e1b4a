using System;

namespace KeyManager.Tests.Support.Acme;

/// <summary>A certificate profile that the directory announces.</summary>
/// <param name="Description">What it says about itself.</param>
/// <param name="Validity">How long its certificates live.</param>
/// <param name="MostNames">How many names; 0 for as many as the policy allows.</param>
/// <param name="HasCommonName">The first DNS name is also the common name.</param>
public sealed record AcmeProfile(string Description, TimeSpan Validity, int MostNames = 0, bool HasCommonName = true);
