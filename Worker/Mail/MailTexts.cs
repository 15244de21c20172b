using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Commerce;
using Commerce.Pricing;

namespace Worker.Mail;

/// <summary>The words of all mails in one language, from <c>Texts/{language}.json</c>. A language the shop does not have is English.</summary>
public sealed class MailTexts
{
    public const string Default = "en";

    private const string Folder = "Texts/";

    /// <summary>Those that mails are written in, ISO 639-1.</summary>
    public static readonly IReadOnlyList<string> Languages = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).OfType<string>().Order(StringComparer.Ordinal)];

    private static readonly ConcurrentDictionary<string, MailTexts> Loaded = new();

    private readonly Dictionary<string, string> _texts;

    private MailTexts(string language, Dictionary<string, string> texts)
    {
        Language = language;
        _texts = texts;
        // Ireland writes English and euros.
        Culture = CultureInfo.GetCultureInfo(language == Default ? "en-IE" : language);
    }

    /// <summary>ISO 639-1.</summary>
    public string Language { get; }

    public CultureInfo Culture { get; }

    public IReadOnlyDictionary<string, string> All => _texts;

    /// <param name="locale">A BCP 47 tag such as <c>de-AT</c>; its language decides.</param>
    public static MailTexts For(string? locale) => Loaded.GetOrAdd(LanguageOf(locale ?? Default), Load);

    /// <param name="locale">A BCP 47 tag; its language decides.</param>
    public static bool Knows(string locale) => Languages.Contains(LanguageOf(locale));

    /// <exception cref="MailTemplateException">There is no such text.</exception>
    public string this[string key, params object?[] values] => _texts.TryGetValue(key, out var text)
        ? string.Format(Culture, text, values)
        : throw new MailTemplateException($"There is no text '{key}' in {Language}.");

    public string Of(Money money)
    {
        var number = money.ToDecimal().ToString($"N{SellableCurrencies.DecimalsOf(money.Currency)}", Culture);
        return _texts.ContainsKey($"money.{money.Currency}") ? this[$"money.{money.Currency}", number] : $"{number} {money.Currency}";
    }

    /// <summary>What a country (ISO 3166-1 alpha-2) is called in this language. Not by <see cref="RegionInfo.DisplayName"/>: the first language that asks for one decides it for all.</summary>
    public string Country(string code) => new RegionInfo($"{Language}-{code}").NativeName;

    public string Of(DateOnly day) => day.ToString(this["date"], Culture);

    private static string LanguageOf(string locale) => locale.Split('-')[0].ToLowerInvariant();

    private static MailTexts Load(string language)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Folder}{language}.json");
        return stream is null ? For(Default) : new MailTexts(language, JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!);
    }
}
