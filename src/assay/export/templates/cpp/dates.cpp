#include "dates.hpp"

#include "calendar.hpp"
#include "text.hpp"

#include <algorithm>
#include <string>

namespace {

constexpr long long MILLION = 1'000'000;

bool is_digit(char sign) { return sign >= '0' && sign <= '9'; }

// A moment in parts.
struct Moment {
    int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    long long micros = 0, offset = 0;  // of a second; from UTC, in microseconds

    std::optional<double> seconds() const {
        if (year < 1 || year > 9999 || !is_date(year, month, day)) return std::nullopt;
        if (hour > 23 || minute > 59 || second > 60) return std::nullopt;
        const long long of_day = hour * 3600LL + minute * 60LL + second;
        const long long total = (days_of(year, month, day) * 86400 + of_day) * MILLION + micros - offset;
        return static_cast<double>(total) / 1e6;
    }
};

// Reads a text by a pattern, sign by sign.
class PatternReader {
public:
    PatternReader(std::string_view text, Strictness strictness) : text_(text), is_strict_(strictness == Strictness::strict) {}

    std::optional<double> read(std::string_view pattern) {
        while (!pattern.empty()) {
            if (pattern[0] != '%' || pattern.size() < 2) {
                if (!literal(pattern[0])) return std::nullopt;
                pattern.remove_prefix(1);
                continue;
            }
            const bool is_long = (pattern[1] == '.' || pattern[1] == ':') && pattern.size() > 2;
            if (!part(pattern[is_long ? 2 : 1])) return std::nullopt;
            pattern.remove_prefix(is_long ? 3 : 2);
        }
        if (!text_.empty()) return std::nullopt;
        if (half_ >= 0) {
            if (moment_.hour < 1 || moment_.hour > 12) return std::nullopt;
            moment_.hour = moment_.hour % 12 + half_ * 12;
        }
        return moment_.seconds();
    }

private:
    std::string_view text_;
    bool is_strict_;
    Moment moment_;
    int half_ = -1;  // 0 before noon, 1 after it

    void blanks() {
        while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\t')) text_.remove_prefix(1);
    }

    bool literal(char sign) {
        if (sign == ' ') {
            const auto before = text_.size();
            blanks();
            return !is_strict_ || text_.size() < before;
        }
        if (text_.empty() || text_[0] != sign) return false;
        text_.remove_prefix(1);
        return true;
    }

    bool number(int& value, std::size_t fewest, std::size_t most) {
        if (!is_strict_) blanks();
        std::size_t digits = 0;
        value = 0;
        while (digits < most && digits < text_.size() && is_digit(text_[digits])) value = value * 10 + (text_[digits++] - '0');
        text_.remove_prefix(digits);
        return digits >= fewest;
    }

    bool part(char what) {
        switch (what) {
            case 'Y':
                if (!is_strict_ && !text_.empty() && text_[0] == '+') text_.remove_prefix(1);
                return number(moment_.year, is_strict_ ? 4 : 1, 4);
            case 'y':
                if (!number(moment_.year, 1, 2)) return false;
                moment_.year += moment_.year < 70 ? 2000 : 1900;
                return true;
            case 'm': return number(moment_.month, 1, 2);
            case 'd': return number(moment_.day, 1, 2);
            case 'b': return month(false);
            case 'B': return month(true);
            case 'H':
            case 'I': return number(moment_.hour, 1, 2);
            case 'M': return number(moment_.minute, 1, 2);
            case 'S': return number(moment_.second, 1, 2);
            case 'f': return fraction();
            case 'p': return half();
            case 'z': return offset();
            default: return false;
        }
    }

    bool month(bool may_be_long) {
        static constexpr std::string_view NAMES[] = {"january", "february", "march",     "april",   "may",      "june",
                                                     "july",    "august",   "september", "october", "november", "december"};
        const auto written = lower(text_.substr(0, 9));
        for (int n = 0; n < 12; ++n) {
            const bool is_long = may_be_long && written.compare(0, NAMES[n].size(), NAMES[n]) == 0;
            if (!is_long && (written.size() < 3 || written.compare(0, 3, NAMES[n].substr(0, 3)) != 0)) continue;
            moment_.month = n + 1;
            text_.remove_prefix(is_long ? NAMES[n].size() : 3);
            return true;
        }
        return false;
    }

    bool fraction() {
        if (text_.empty() || text_[0] != '.') return true;  // it may be absent
        text_.remove_prefix(1);
        long long unit = MILLION;
        std::size_t digits = 0;
        for (; digits < text_.size() && is_digit(text_[digits]); ++digits) {
            unit /= 10;
            moment_.micros += (text_[digits] - '0') * unit;
        }
        text_.remove_prefix(digits);
        return digits > 0;
    }

    bool half() {
        const auto word = lower(text_.substr(0, 2));
        if (word != "am" && word != "pm") return false;
        half_ = word == "pm" ? 1 : 0;
        text_.remove_prefix(2);
        return true;
    }

    bool offset() {
        blanks();
        if (text_.size() < 5 || (text_[0] != '+' && text_[0] != '-') || !is_digit(text_[1]) || !is_digit(text_[2])) return false;
        const bool is_behind = text_[0] == '-';
        const int hours = (text_[1] - '0') * 10 + text_[2] - '0';
        text_.remove_prefix(3);
        blanks();
        if (!text_.empty() && text_[0] == ':') text_.remove_prefix(1);
        blanks();
        if (text_.size() < 2 || !is_digit(text_[0]) || !is_digit(text_[1])) return false;
        const int minutes = (text_[0] - '0') * 10 + text_[1] - '0';
        text_.remove_prefix(2);
        moment_.offset = (hours * 60 + minutes) * 60 * MILLION * (is_behind ? -1 : 1);
        return hours < 24 && minutes < 60;
    }
};

// Digits at fixed places; -1 where others stand there.
int digits_at(std::string_view text, std::size_t at, std::size_t count) {
    if (at + count > text.size()) return -1;
    int value = 0;
    for (const char sign : text.substr(at, count)) {
        if (!is_digit(sign)) return -1;
        value = value * 10 + (sign - '0');
    }
    return value;
}

// Where the day of an ISO date ends; 0 where the text is too short.
std::size_t day_end(std::string_view text) {
    const auto is_digit_at = [&](std::size_t at) { return at < text.size() && is_digit(text[at]); };
    if (text.size() < 7) return 0;
    if (text[4] == '-' && text[5] == 'W') {
        if (text.size() > 9 && text[8] == '-') return text.size() > 10 && is_digit(text[10]) ? 8 : 10;
        return text.size() < 8 || text.size() == 9 ? 0 : 8;
    }
    if (text[4] == '-') return 10;
    if (text[4] != 'W') return 8;
    std::size_t end = 7;
    while (is_digit_at(end)) ++end;
    return end < 9 ? end : end % 2 == 0 ? 7 : 8;
}

// The day of a week of the ISO calendar, in days since 1970.
std::optional<long long> week_day(int year, int week, int day) {
    const auto monday = [](int of_year) {  // of its first week, which holds the fourth of January
        const long long fourth = days_of(of_year, 1, 4);
        return fourth - ((fourth + 3) % 7 + 7) % 7;
    };
    const long long weeks = (monday(year + 1) - monday(year)) / 7;
    if (week < 1 || week > weeks || day < 1 || day > 7) return std::nullopt;
    return monday(year) + (week - 1) * 7 + day - 1;
}

bool read_day(std::string_view text, Moment& moment) {
    moment.year = digits_at(text, 0, 4);
    if (moment.year < 1) return false;
    const std::size_t dash = text.size() > 4 && text[4] == '-' ? 1 : 0;
    if (text.size() > 4 + dash && text[4 + dash] == 'W') {
        const std::size_t at = 5 + dash;
        int day = 1;
        if (text.size() > at + 2) {
            if (dash && text[at + 2] != '-') return false;
            if (text.size() != at + 3 + dash) return false;
            day = digits_at(text, at + 2 + dash, 1);
        }
        const auto days = week_day(moment.year, digits_at(text, at, 2), day);
        if (!days) return false;
        const Date date = date_of(*days);
        moment.year = date.year, moment.month = date.month, moment.day = date.day;
        return true;
    }
    if (text.size() != 8 + 2 * dash || (dash && text[7] != '-')) return false;
    moment.month = digits_at(text, 4 + dash, 2);
    moment.day = digits_at(text, 6 + 2 * dash, 2);
    return is_date(moment.year, moment.month, moment.day);
}

// HH[:MM[:SS[.ffffff]]] or without the colons, in microseconds.
std::optional<long long> clock_micros(std::string_view text) {
    long long parts[3] = {0, 0, 0};
    std::size_t at = 0;
    bool has_colon = false;
    for (int n = 0; n < 3; ++n) {
        parts[n] = digits_at(text, at, 2);
        if (parts[n] < 0) return std::nullopt;
        at += 2;
        if (n == 0) has_colon = at < text.size() && text[at] == ':';
        if (at >= text.size() || n == 2) break;
        if (has_colon && text[at] != ':') return std::nullopt;
        at += has_colon ? 1 : 0;
    }
    if (parts[0] > 23 || parts[1] > 59 || parts[2] > 59) return std::nullopt;
    long long micros = ((parts[0] * 60 + parts[1]) * 60 + parts[2]) * MILLION;
    if (at < text.size()) {
        if (text[at] != '.' && text[at] != ',') return std::nullopt;
        const auto digits = text.substr(at + 1);
        if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
        long long unit = MILLION;
        for (const char sign : digits) micros += (sign - '0') * (unit /= 10);
    }
    return micros;
}

// The time of day less its offset from UTC, in microseconds.
std::optional<long long> clock_in_utc(std::string_view text) {
    auto zone = text.find('-');
    if (zone == text.npos) zone = text.find('+');
    if (zone == text.npos) zone = text.find('Z');
    const auto clock = clock_micros(text.substr(0, zone));
    if (!clock || zone == text.npos) return clock;
    const auto written = text.substr(zone + 1);
    if (text[zone] == 'Z') return written.empty() ? clock : std::nullopt;
    const auto offset = clock_micros(written);
    if (!offset) return std::nullopt;
    return text[zone] == '-' ? *clock + *offset : *clock - *offset;
}

}  // namespace

std::optional<double> written_date(std::string_view text, std::string_view pattern, Strictness strictness) {
    return PatternReader(text, strictness).read(pattern);
}

std::optional<double> iso_date(std::string_view text) {
    const auto end = day_end(text);
    Moment moment;
    if (!end || end > text.size() || !read_day(text.substr(0, end), moment)) return std::nullopt;
    if (text.size() > end) {
        std::size_t sign = 1;  // any sign parts day and time, which in UTF-8 may take more bytes
        while (end + sign < text.size() && (static_cast<unsigned char>(text[end + sign]) & 0xC0) == 0x80) ++sign;
        if (text.size() == end + sign) return moment.seconds();
        const auto clock = clock_in_utc(text.substr(end + sign));
        if (!clock) return std::nullopt;
        moment.micros = *clock;
    }
    return moment.seconds();
}

std::optional<double> numbered_date(long long number) {
    if (number >= 19000101 && number <= 21001231) {
        Moment day;
        day.year = static_cast<int>(number / 10000), day.month = static_cast<int>(number / 100 % 100);
        day.day = static_cast<int>(number % 100);
        return day.seconds();
    }
    constexpr long long FROM = 315'532'800, TO = 4'102'444'800;  // 1980 to 2100
    if (number >= FROM && number <= TO) return static_cast<double>(number);
    if (number >= 1000 * FROM && number <= 1000 * TO) return static_cast<double>(number) / 1000.0;
    return std::nullopt;
}
