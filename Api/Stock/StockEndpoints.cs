using Api.Staff;

namespace Api.Stock;

/// <summary>What staff do with stock, under <c>/admin/stock</c>.</summary>
public static class StockEndpoints
{
    public static void MapStock(this IEndpointRouteBuilder v1)
    {
        var staff = v1.MapStaff(StaffArea.Stock);
        ListStock.Map(staff);
        ListLedger.Map(staff);
        AdjustStock.Map(staff);
        CountStock.Map(staff);
        TransferStock.Map(staff);
        ReadBundle.Map(staff);
        SetBundle.Map(staff);
        ListLocations.Map(staff);
        ReadLocation.Map(staff);
        AddLocation.Map(staff);
        ChangeLocation.Map(staff);
        RemoveLocation.Map(staff);
    }
}
