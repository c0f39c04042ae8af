using TraceReplay.Store;

namespace TraceReplay.Web.Pages;

/// <summary>The database could not be asked.</summary>
internal static class ErrorPage
{
    public static string Write(StoreException failure) => Layout.Page("That did not work", string.Empty, page =>
        page.Element("p", failure.Message, ("class", "loss")).Element("p", failure.Hint));
}
