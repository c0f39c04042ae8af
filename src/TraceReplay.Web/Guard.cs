using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace TraceReplay.Web;

/// <summary>Who may ask, and what a page may do. Another site's page in the same browser can send requests here; it must learn nothing.</summary>
internal static class Guard
{
    // No script, style or image but those of this server; nothing may frame it, and no form leaves it.
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        + "frame-ancestors 'none'; base-uri 'none'";

    /// <summary>Why a request is refused.</summary>
    /// <param name="request">The request.</param>
    /// <param name="port">Port it came in on.</param>
    /// <returns>Status and reason, null if it is not refused.</returns>
    public static (int Status, string Reason)? Refusal(HttpRequest request, int port)
    {
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "these pages are only read");
        }

        // A name that another site points at 127.0.0.1 (DNS rebinding) comes with that name in Host.
        var number = port.ToString(CultureInfo.InvariantCulture);
        var host = request.Host.Value ?? string.Empty;
        if (host != "127.0.0.1:" + number && host != "localhost:" + number && !(port == 80 && host is "127.0.0.1" or "localhost"))
        {
            return (StatusCodes.Status421MisdirectedRequest, "this server answers to 127.0.0.1 and localhost only");
        }

        // A link from elsewhere to a page is refused as well: it could carry a statement that keeps the machine busy.
        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
            ? (StatusCodes.Status403Forbidden, "open the address by hand: requests from other sites are refused")
            : null;
    }

    /// <summary>Headers of every answer.</summary>
    /// <param name="response">The response.</param>
    public static void AddHeaders(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
