namespace Shabou.ForecastService.Demand;

/// <summary>The import passes a limit; the message, for the client, names it.</summary>
internal sealed class DemandTooLargeException(string message) : Exception(message);

/// <summary>The import cannot be read at all; the message, for the client, says why.</summary>
internal sealed class DemandUnreadableException(string message) : Exception(message);
