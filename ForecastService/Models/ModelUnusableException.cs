namespace Shabou.ForecastService.Models;

/// <summary>A stored model cannot be used; the message says why and what to do.</summary>
internal sealed class ModelUnusableException(string message, Exception? inner = null) : Exception(message, inner);
