using System;
using System.Collections.Generic;

namespace KeyManager.Storage;

/// <summary>Conveniences over <see cref="IStore"/>.</summary>
public static class StoreExtensions
{
    /// <summary>Rows that the first page holds: few, so that the first object comes at once also where rows that fit are rare.</summary>
    private const int FirstPageSize = 20;

    /// <summary>Rows that every other page holds.</summary>
    private const int PageSize = 200;

    /// <summary>Changes in one transaction, without an answer.</summary>
    public static void Write(this IStore store, Action<IStoreSession> work, Durability durability = Durability.Immediate) => Guard.NotNull(store).Write(
        session =>
        {
            work(session);
            return true;
        },
        durability);

    /// <summary>The matching certificates, read page by page as they are taken, so that no read transaction stays open in between.</summary>
    public static IEnumerable<Certificate> Stream(this IStore store, CertificateQuery query) =>
        Stream(store, (session, after) => session.Certificates.Query(query, after, SizeOf(after)));

    /// <summary>The matching orders, read page by page as they are taken.</summary>
    public static IEnumerable<CertificateOrder> Stream(this IStore store, OrderQuery query) =>
        Stream(store, (session, after) => session.Orders.Query(query, after, SizeOf(after)));

    /// <summary>Whatever comes in pages, one by one.</summary>
    public static IEnumerable<T> Stream<T>(this IStore store, Func<IStoreSession, string?, Page<T>> query)
    {
        string? after = null;
        do
        {
            string? from = after;
            Page<T> page = Guard.NotNull(store).Read(session => query(session, from));
            foreach (T item in page.Items)
            {
                yield return item;
            }

            after = page.Next;
        }
        while (after is not null);
    }

    private static int SizeOf(string? after) => after is null ? FirstPageSize : PageSize;
}
