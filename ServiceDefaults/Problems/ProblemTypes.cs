using Microsoft.AspNetCore.Http;

namespace Shabou.ServiceDefaults.Problems;

/// <summary>A kind of failure: its address, status, title, and who has to act.</summary>
/// <param name="Kind">Last part of the type: <c>/problems/{kind}</c>. Clients decide by it, so it never changes.</param>
/// <param name="Category">One of <see cref="ProblemCategories"/>: who has to act.</param>
public sealed record ProblemType(string Kind, int Status, string Title, string Category)
{
    public string Uri => $"/problems/{Kind}";
}

/// <summary>The closed list: no other type of problem leaves a service.</summary>
public static class ProblemTypes
{
    public static readonly ProblemType BadRequest = new("bad-request", StatusCodes.Status400BadRequest, "The request could not be read.", ProblemCategories.Validation);
    public static readonly ProblemType Validation = new("validation", StatusCodes.Status400BadRequest, "The request has invalid values.", ProblemCategories.Validation);
    public static readonly ProblemType Unauthenticated = new("unauthenticated", StatusCodes.Status401Unauthorized, "The caller is not known.", ProblemCategories.Auth);
    public static readonly ProblemType Forbidden = new("forbidden", StatusCodes.Status403Forbidden, "The caller may not do this.", ProblemCategories.Auth);
    public static readonly ProblemType HttpsRequired = new("https-required", StatusCodes.Status403Forbidden, "This needs HTTPS.", ProblemCategories.Auth);
    public static readonly ProblemType NotFound = new("not-found", StatusCodes.Status404NotFound, "There is nothing here.", ProblemCategories.Validation);
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", StatusCodes.Status405MethodNotAllowed, "This address does not know that method.", ProblemCategories.Validation);
    public static readonly ProblemType RequestTimeout = new("request-timeout", StatusCodes.Status408RequestTimeout, "The request took too long to arrive.", ProblemCategories.Validation);
    public static readonly ProblemType Conflict = new("conflict", StatusCodes.Status409Conflict, "This contradicts what is stored.", ProblemCategories.Validation);
    public static readonly ProblemType InsufficientStock = new("insufficient-stock", StatusCodes.Status409Conflict, "There is not enough in stock.", ProblemCategories.Validation);
    public static readonly ProblemType SupersessionCycle = new("supersession-cycle", StatusCodes.Status409Conflict, "A part cannot replace itself.", ProblemCategories.Validation);
    public static readonly ProblemType StaleVersion = new("stale-version", StatusCodes.Status412PreconditionFailed, "Someone else changed this first; read it again.", ProblemCategories.Validation);
    public static readonly ProblemType TooLarge = new("too-large", StatusCodes.Status413PayloadTooLarge, "The request is too large.", ProblemCategories.Validation);
    public static readonly ProblemType UnsupportedMedia = new("unsupported-media", StatusCodes.Status415UnsupportedMediaType, "The body has a form that is not understood here.", ProblemCategories.Validation);
    public static readonly ProblemType Unprocessable = new("unprocessable", StatusCodes.Status422UnprocessableEntity, "The request names something that does not exist or cannot be right.", ProblemCategories.Validation);
    public static readonly ProblemType IdempotencyMismatch = new("idempotency-mismatch", StatusCodes.Status422UnprocessableEntity, "The idempotency key was used for another request.", ProblemCategories.Validation);
    public static readonly ProblemType PreconditionRequired = new("precondition-required", StatusCodes.Status428PreconditionRequired, "The version being changed is missing.", ProblemCategories.Validation);
    public static readonly ProblemType RateLimited = new("rate-limited", StatusCodes.Status429TooManyRequests, "Too many requests; try again later.", ProblemCategories.Limit);
    public static readonly ProblemType BudgetDayCap = new("budget-day-cap", StatusCodes.Status429TooManyRequests, "The day's budget for this is spent.", ProblemCategories.Limit);
    public static readonly ProblemType BudgetMonthCap = new("budget-month-cap", StatusCodes.Status429TooManyRequests, "The month's budget for this is spent.", ProblemCategories.Limit);
    public static readonly ProblemType BudgetMoneyCap = new("budget-money-cap", StatusCodes.Status429TooManyRequests, "The month's money for this is spent.", ProblemCategories.Limit);
    public static readonly ProblemType Unexpected = new("unexpected", StatusCodes.Status500InternalServerError, "Something went wrong on our side.", ProblemCategories.Internal);
    public static readonly ProblemType UpstreamFailed = new("upstream-failed", StatusCodes.Status502BadGateway, "A service we depend on failed.", ProblemCategories.Upstream);
    public static readonly ProblemType DatabaseUnavailable = new("database-unavailable", StatusCodes.Status503ServiceUnavailable, "The database is not answering; try again later.", ProblemCategories.Database);
    public static readonly ProblemType ServiceUnavailable = new("service-unavailable", StatusCodes.Status503ServiceUnavailable, "This is not available now; try again later.", ProblemCategories.Upstream);
    public static readonly ProblemType BudgetKilled = new("budget-killed", StatusCodes.Status503ServiceUnavailable, "Spending on this was stopped.", ProblemCategories.Limit);
    public static readonly ProblemType BudgetLedgerDown = new("budget-ledger-down", StatusCodes.Status503ServiceUnavailable, "The budget cannot be read; nothing is spent.", ProblemCategories.Database);
    public static readonly ProblemType BudgetClockSuspect = new("budget-clock-suspect", StatusCodes.Status503ServiceUnavailable, "A clock is wrong; nothing is spent.", ProblemCategories.Internal);
    public static readonly ProblemType BudgetUnknownSku = new("budget-unknown-sku", StatusCodes.Status503ServiceUnavailable, "Nobody knows what this costs; nothing is spent.", ProblemCategories.Internal);
    public static readonly ProblemType BudgetStalePrice = new("budget-stale-price", StatusCodes.Status503ServiceUnavailable, "The price of this is out of date; nothing is spent.", ProblemCategories.Internal);
    public static readonly ProblemType UpstreamTimeout = new("upstream-timeout", StatusCodes.Status504GatewayTimeout, "A service we depend on did not answer in time.", ProblemCategories.Upstream);

    /// <summary>Of several with one status the general one comes first.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        BadRequest, Validation, Unauthenticated, Forbidden, HttpsRequired, NotFound, MethodNotAllowed, RequestTimeout, Conflict, InsufficientStock,
        SupersessionCycle, StaleVersion, TooLarge, UnsupportedMedia, Unprocessable, IdempotencyMismatch, PreconditionRequired, RateLimited,
        BudgetDayCap, BudgetMonthCap, BudgetMoneyCap, Unexpected, UpstreamFailed,
        ServiceUnavailable, DatabaseUnavailable, BudgetKilled, BudgetLedgerDown, BudgetClockSuspect, BudgetUnknownSku, BudgetStalePrice, UpstreamTimeout,
    ];

    /// <summary>The general type for a status: what an answer without a body becomes.</summary>
    internal static ProblemType ForStatus(int status) => All.FirstOrDefault(type => type.Status == status)
        ?? (status >= StatusCodes.Status500InternalServerError ? Unexpected : BadRequest);

    internal static ProblemType? ForUri(string? uri) => All.FirstOrDefault(type => type.Uri == uri);
}
