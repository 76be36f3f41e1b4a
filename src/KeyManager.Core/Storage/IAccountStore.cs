namespace KeyManager.Storage;

/// <summary>The accounts with authorities. A name that is taken is KmAccountAlreadyExists; an account that an update deactivates stops being the default.</summary>
public interface IAccountStore : INamedStore<AuthorityAccount>
{
    /// <summary>Makes it the default and every other one not.</summary>
    void MakeDefault(string id);
}
