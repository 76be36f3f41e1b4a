using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Stores, changes and removes the organizations and contacts that orders call by name.</summary>
public sealed class ManagePresets(KeyManagerPorts ports)
{
    /// <summary>Stores an organization.</summary>
    /// <exception cref="ConflictException">KmNameAlreadyExists.</exception>
    public Organization Add(Organization organization) => Change(PresetRules.Check(organization), "OrganizationAdded", (session, o) => session.Organizations.Add(o));

    /// <summary>Stores a contact.</summary>
    /// <exception cref="ConflictException">KmNameAlreadyExists.</exception>
    public Contact Add(Contact contact) => Change(PresetRules.Check(contact), "ContactAdded", (session, c) => session.Contacts.Add(c));

    /// <summary>Stores an organization as it now is. Orders that are placed keep what they were placed with.</summary>
    public Organization Update(Organization organization) =>
        Change(PresetRules.Check(organization) with { UpdatedAt = ports.Clock.UtcNow }, "OrganizationChanged", (session, o) => session.Organizations.Update(o));

    /// <summary>Stores a contact as it now is. Orders that are placed keep what they were placed with.</summary>
    public Contact Update(Contact contact) =>
        Change(PresetRules.Check(contact) with { UpdatedAt = ports.Clock.UtcNow }, "ContactChanged", (session, c) => session.Contacts.Update(c));

    /// <summary>The organization by id or name.</summary>
    /// <exception cref="NotFoundException">KmOrganizationNotFound.</exception>
    public Organization ResolveOrganization(string idOrName) => ports.Store.Read(session => Lookup.Organization(session, idOrName));

    /// <summary>The contact by id or name.</summary>
    /// <exception cref="NotFoundException">KmContactNotFound.</exception>
    public Contact ResolveContact(string idOrName) => ports.Store.Read(session => Lookup.Contact(session, idOrName));

    /// <summary>All organizations, by name.</summary>
    public IReadOnlyList<Organization> ListOrganizations() => ports.Store.Read(session => session.Organizations.List());

    /// <summary>All contacts, by name.</summary>
    public IReadOnlyList<Contact> ListContacts() => ports.Store.Read(session => session.Contacts.List());

    /// <summary>Removes it here; orders keep what they were placed with.</summary>
    public void Remove(Organization organization) => Change(organization, "OrganizationRemoved", (session, o) => session.Organizations.Remove(o.Id));

    /// <summary>Removes it here; orders keep what they were placed with.</summary>
    public void Remove(Contact contact) => Change(contact, "ContactRemoved", (session, c) => session.Contacts.Remove(c.Id));

    private Organization Change(Organization organization, string action, Action<IStoreSession, Organization> change) => ports.Store.Write(session =>
    {
        change(session, organization);
        session.Audit.Append(new AuditEntry("Order", action, organization.Id, organization.Name));
        return organization;
    });

    private Contact Change(Contact contact, string action, Action<IStoreSession, Contact> change) => ports.Store.Write(session =>
    {
        change(session, contact);
        session.Audit.Append(new AuditEntry("Order", action, contact.Id, contact.Name));
        return contact;
    });
}
