using KeyManager.Deployments;

namespace KeyManager.Operations;

/// <summary>What was seen at an endpoint.</summary>
/// <param name="Endpoint">Where.</param>
/// <param name="IsRight">True for the right certificate with all of its chain.</param>
/// <param name="IsReachable">False when there was no handshake.</param>
/// <param name="Text">In words.</param>
internal sealed record EndpointSight(Endpoint Endpoint, bool IsRight, bool IsReachable, string Text);
