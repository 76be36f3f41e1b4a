namespace KeyManager.Challenges;

/// <summary>A solver that leaves the publishing to the user; never chosen unless asked for.</summary>
public interface IManualSolver : IChallengeSolver;
