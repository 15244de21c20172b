namespace Local.Demo.Catalog;

/// <summary>The catalogue or the folder is not as it must be; the message is for the person at the console.</summary>
internal sealed class CatalogException(string message) : Exception(message);
