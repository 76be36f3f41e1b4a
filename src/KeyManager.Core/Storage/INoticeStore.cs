using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Notices on their way, and what was told already.</summary>
public interface INoticeStore
{
    /// <summary>Adds it; false when the policy has told the same before.</summary>
    bool Add(Notice notice);

    /// <summary>Stores how its delivery stands.</summary>
    void Update(Notice notice);

    /// <summary>Those of a policy that are to be delivered by now, oldest first.</summary>
    IReadOnlyList<Notice> ListPending(string policyId, DateTimeOffset now);

    /// <summary>Forgets what came up before a moment and is no longer on its way.</summary>
    void Forget(DateTimeOffset before);
}
