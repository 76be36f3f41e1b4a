namespace KeyManager.Providers.Storage;

/// <summary>Where labels are kept: with the entries or with the orders.</summary>
/// <param name="Table">The table of the labelled rows.</param>
/// <param name="Row">Its alias in queries.</param>
/// <param name="TagTable">The table of their tags, in the order in which the rows are listed.</param>
/// <param name="TagRow">The column there that names the row.</param>
/// <param name="ListOrder">The column, here and there, by which the rows are listed.</param>
internal sealed record LabelPlace(string Table, string Row, string TagTable, string TagRow, string ListOrder)
{
    public static LabelPlace Entries { get; } = new("lineages", "l", "entry_tags", "lineage_id", "name_key");

    public static LabelPlace Orders { get; } = new("orders", "o", "order_tags", "order_id", "created_at");

    /// <summary>The column that is searched for labels of a kind.</summary>
    public static string Column(LabelKind kind) => kind switch
    {
        LabelKind.Tag => "tag_key",
        LabelKind.Owner => "owner_key",
        _ => "group_key",
    };

    /// <summary>The table in which that column leads an index.</summary>
    public string Indexed(LabelKind kind) => kind == LabelKind.Tag ? TagTable : Table;

    /// <summary>The index that has an owner or a group first.</summary>
    public string Index(LabelKind kind) => kind == LabelKind.Owner ? Table + "_by_owner" : Table + "_by_group";
}
