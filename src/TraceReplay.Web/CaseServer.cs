using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TraceReplay.Store;
using TraceReplay.Web.Pages;

namespace TraceReplay.Web;

/// <summary>The server of one database: pages on 127.0.0.1, for reading only.</summary>
public static class CaseServer
{
    private const int MostBodyBytes = 1 << 16;

    private static readonly Dictionary<string, Func<PageContext, string?>> Routes = new(StringComparer.Ordinal)
    {
        ["/"] = HomePage.Write,
        ["/incident"] = IncidentPage.Write,
        ["/use"] = UsePage.Write,
        ["/failures"] = FailuresPage.Write,
        ["/sql"] = SqlPage.Write,
    };

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="database">The database file.</param>
    /// <param name="port">Port, 0 = any that is free.</param>
    /// <param name="onReady">Receives the address once it is served.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>When it has stopped.</returns>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task RunAsync(string database, int port, Action<string> onReady, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(onReady);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => Configure(options, port));
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            app.Run(context => Answer(context, database));
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            onReady(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");
            await app.WaitForShutdownAsync(stop).ConfigureAwait(false);
        }
    }

    private static void Configure(KestrelServerOptions options, int port)
    {
        // Only this machine: the pages show logs, and whoever can ask can read.
        options.Listen(IPAddress.Loopback, port);
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MostBodyBytes;
        options.Limits.MaxConcurrentConnections = 64;
    }

    private static async Task Answer(HttpContext context, string database)
    {
        Guard.AddHeaders(context.Response);
        if (Guard.Refusal(context.Request, context.Connection.LocalPort) is { } refusal)
        {
            await Write(context, refusal.Status, "text/plain", refusal.Reason).ConfigureAwait(false);
            return;
        }

        var path = context.Request.Path.Value ?? "/";
        if (Assets.Find(path) is { } asset)
        {
            await Write(context, StatusCodes.Status200OK, asset.Type, asset.Text).ConfigureAwait(false);
            return;
        }

        if (!Routes.TryGetValue(path, out var page))
        {
            await Write(context, StatusCodes.Status404NotFound, "text/plain", "there is no such page").ConfigureAwait(false);
            return;
        }

        await Page(context, database, page).ConfigureAwait(false);
    }

    private static async Task Page(HttpContext context, string database, Func<PageContext, string?> page)
    {
        try
        {
            using var data = new PageContext(database, context.Request.Query, context.RequestAborted);
            var html = page(data);
            await Write(context, html is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK, html is null ? "text/plain" : "text/html",
                html ?? "the database holds no such thing").ConfigureAwait(false);
        }
        catch (StoreException failure)
        {
            await Write(context, StatusCodes.Status500InternalServerError, "text/html", ErrorPage.Write(failure)).ConfigureAwait(false);
        }
    }

    private static Task Write(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type + "; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
