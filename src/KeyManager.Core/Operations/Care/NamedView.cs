using System;
using System.Collections.Generic;
using KeyManager.Storage;

namespace KeyManager.Operations;

/// <summary>Lets accounts and presets be treated like every other named record.</summary>
internal sealed class NamedView<T>(Action<T> add, Action<T> update, Func<string, T?> find, Func<string, T?> findByName, Func<IReadOnlyList<T>> list, Func<string, bool> remove) : INamedStore<T>
    where T : class, INamedRecord
{
    public static NamedView<T> Of(IPresetStore<T> store) => new(store.Add, store.Update, store.Find, store.FindByName, store.List, store.Remove);

    public void Add(T record) => add(record);

    public void Update(T record) => update(record);

    public T? Find(string id) => find(id);

    public T? FindByName(string name) => findByName(name);

    public IReadOnlyList<T> List() => list();

    public bool Remove(string id) => remove(id);
}
