using System.Net;
using System.Net.Http.Headers;

namespace TraceReplay.Web.Tests;

/// <summary>What the server answers, and whom it refuses.</summary>
public sealed class ServerTests(ServedCase served) : IClassFixture<ServedCase>, IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = new Uri(served.Address) };

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("/", "1. swiotlb")]
    [InlineData("/", ">8182<")]
    [InlineData("/incident?id=1", "0000:00:05.0 (dmalab) exhausted")]
    [InlineData("/use", "1736")]
    [InlineData("/use?run=1&t_s=30.5", "30.500000 s")]
    [InlineData("/failures", "243 failures; 1 to 100")]
    [InlineData("/failures?origin=replay&device=e1000", "27 failures")]
    [InlineData("/failures?page=2", "201 to 243")]
    [InlineData("/failures?page=999999", "201 to 243")]
    [InlineData("/sql?q=%40holders", "413.296")]
    [InlineData("/sql?q=SELECT%20count(*)%20AS%20n%20FROM%20failure", ">243<")]
    [InlineData("/sql?q=DELETE%20FROM%20run", "only reading is allowed")]
    [InlineData("/sql?q=%40holdrs", "did you mean @holders?")]
    [InlineData("/sql?q=WITH%20RECURSIVE%20a(n)%20AS%20(SELECT%201%20UNION%20ALL%20SELECT%20n%2B1%20FROM%20a)%20SELECT%20n%20FROM%20a", "1000 rows, and there are more")]
    public async Task APageShowsWhatItShould(string address, string text)
    {
        using var answer = await _client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(text, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nothing")]
    [InlineData("/incident?id=77")]
    [InlineData("/incident?id=%27")]
    [InlineData("/use?run=77")]
    [InlineData("/..%2f..%2fetc/passwd")]
    public async Task WhatIsNotThereIsNotFound(string address)
    {
        using var answer = await _client.GetAsync(new Uri(address, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task EveryAnswerForbidsWhatThePagesDoNotNeed()
    {
        foreach (var address in new[] { "/", "/app.js", "/app.css", "/nothing" })
        {
            using var answer = await _client.GetAsync(new Uri(address, UriKind.Relative));
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Theory]
    [InlineData("evil.example:80")]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1:1")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task AnotherNameOfThisMachineIsRefused(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Host = host;
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
        Assert.DoesNotContain("swiotlb", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task RequestsOfOtherSitesAreRefused(string site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sql?q=SELECT%201");
        request.Headers.Add("Sec-Fetch-Site", site);
        using var answer = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task OnlyReadingIsAnswered()
    {
        using var content = new StringContent("q=1", new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        using var answer = await _client.PostAsync(new Uri("/sql", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
    }

    [Fact]
    public async Task TextOfTheInputIsNeverMarkup()
    {
        var page = await _client.GetStringAsync(new Uri("/sql?q=" + Uri.EscapeDataString("SELECT '<script>alert(1)</script>' AS \"<b>\""), UriKind.Relative));
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APortThatIsTakenIsToldAsSuch()
    {
        var port = new Uri(served.Address).Port;
        await Assert.ThrowsAsync<IOException>(() => CaseServer.RunAsync(served.Database, port, _ => { }, CancellationToken.None));
    }
}
