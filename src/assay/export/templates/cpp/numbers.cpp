#include "numbers.hpp"

#include "text.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace {

constexpr std::string_view MINUS = "\xE2\x88\x92";  // the typographic one

bool is_digit(char sign) { return sign >= '0' && sign <= '9'; }

bool starts_with(std::string_view text, std::string_view begin) { return text.substr(0, begin.size()) == begin; }

std::optional<double> named_number(std::string_view text) {
    const bool is_negative = !text.empty() && text[0] == '-';
    const auto word = lower(is_negative || starts_with(text, "+") ? text.substr(1) : text);
    const bool is_infinite = word == "inf" || word == "infinity";
    if (!is_infinite && word != "nan") return std::nullopt;
    const double number = is_infinite ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    return is_negative ? -number : number;
}

// A text that is known to be a decimal number.
double slowly(std::string_view text) {
    if (starts_with(text, "+")) text.remove_prefix(1);
#if defined(__cpp_lib_to_chars)
    double number = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), number).ec == std::errc()) return number;
#endif  // out of range, or an older library
    return std::strtod(std::string(text).c_str(), nullptr);
}

// The first sign of a text and whether it is a sign: +, - or the typographic minus.
std::size_t sign_length(std::string_view text) {
    if (starts_with(text, MINUS)) return MINUS.size();
    return starts_with(text, "+") || starts_with(text, "-") ? 1 : 0;
}

// The text without its unit, nothing where it does not show the unit before or after the number.
std::optional<std::string> bare(std::string_view text, std::string_view unit) {
    const auto at = text.find(unit);
    if (at == text.npos) return std::nullopt;
    const auto before = text.substr(0, at), after = text.substr(at + unit.size());
    const bool is_before = stripped(before.substr(sign_length(before))).empty();
    if (!after.empty() && !is_before) return std::nullopt;
    const auto joined = std::string(before) + std::string(after);
    const auto number = stripped(joined);
    const auto sign = sign_length(number);
    return std::string(number.substr(0, sign)) + std::string(stripped(number.substr(sign)));
}

// Without the marks in groups of exactly three digits; nothing where they stand elsewhere.
std::optional<std::string> ungrouped(std::string_view text, std::string_view mark) {
    std::size_t at = sign_length(text);
    std::string plain(text.substr(0, at));
    std::size_t digits = 0;
    for (; at < text.size() && is_digit(text[at]); ++at, ++digits) plain += text[at];
    if (digits < 1 || digits > 3 || !starts_with(text.substr(at), mark)) return std::nullopt;
    while (starts_with(text.substr(at), mark)) {
        at += mark.size();
        for (int n = 0; n < 3; ++n, ++at) {
            if (at >= text.size() || !is_digit(text[at])) return std::nullopt;
            plain += text[at];
        }
    }
    const auto rest = text.substr(at);
    if (!rest.empty() && is_digit(rest[0])) return std::nullopt;
    if (rest.find_first_of("eE") != rest.npos) return std::nullopt;
    return plain + std::string(rest);
}

}  // namespace

std::optional<double> plain_number(std::string_view text) {
    static constexpr double TENS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                      1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = text.data(), *const end = at + text.size();
    if (at != end && (*at == '-' || *at == '+')) ++at;
    std::uint64_t whole = 0;  // all digits as one number,
    const char* first = at;
    while (at != end && is_digit(*at)) whole = whole * 10 + static_cast<std::uint64_t>(*at++ - '0');
    auto digits = at - first;
    std::ptrdiff_t after_point = 0;
    if (at != end && *at == '.') {
        first = ++at;
        while (at != end && is_digit(*at)) whole = whole * 10 + static_cast<std::uint64_t>(*at++ - '0');
        after_point = at - first;
        digits += after_point;
    }
    if (!digits) return named_number(text);
    const bool has_power = at != end && (*at == 'e' || *at == 'E');
    if (has_power) {
        ++at;
        if (at != end && (*at == '-' || *at == '+')) ++at;
        first = at;
        while (at != end && is_digit(*at)) ++at;
        if (at == first) return std::nullopt;
    }
    if (at != end) return std::nullopt;
    if (has_power || digits > 15) return slowly(text);
    // Both numbers are exact in float64, so that their quotient is the nearest number (Clinger 1990).
    const double number = static_cast<double>(whole) / TENS[after_point];
    return text[0] == '-' ? -number : number;
}

std::optional<double> NumberSpelling::read(std::string_view text) const {
    if (is_plain() && !starts_with(text, MINUS)) return plain_number(text);
    std::string plain(text);
    if (!unit.empty()) {
        const auto without = bare(plain, unit);
        if (!without) return std::nullopt;
        plain = *without;
    }
    if (starts_with(plain, MINUS)) plain.replace(0, MINUS.size(), "-");
    if (!mark.empty()) plain = ungrouped(plain, mark).value_or(plain);
    if (decimal == ",") {
        if (plain.find('.') != plain.npos) return std::nullopt;
        if (const auto at = plain.find(','); at != plain.npos) plain[at] = '.';
    }
    const auto number = plain_number(plain);
    return number && !unit.empty() && !std::isfinite(*number) ? std::nullopt : number;
}
