#include "dates.hpp"
#include "schema.hpp"
#include "text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace {

constexpr double UNSEEN = -1;
constexpr double YEAR_9999 = 2.5e11;  // far beyond these seconds a date cannot be written
constexpr const char* DATE_PATTERNS[] = {"%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S",
                                         "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S"};

bool contains(const Texts& texts, std::string_view text) { return texts.find(text) != texts.end(); }

bool are_words(const std::vector<std::string>& levels, const Words& words) {
    return std::all_of(levels.begin(), levels.end(), [&](const std::string& level) {
        const auto word = lower(stripped(level));
        return contains(words.yes, word) || contains(words.no, word);
    });
}

}  // namespace

Column::Column(const Json& record, const Words& words) : words_(words) {
    name_ = record["name"].text();
    const auto &kind = record["kind"].text(), &dtype = record["dtype"].text();
    levels_ = record["levels"].texts();
    codes_ = record["codes"].numbers();
    if (!record["low"].is_null()) low_ = record["low"].number();
    if (!record["high"].is_null()) high_ = record["high"].number();
    was_missing_ = record["missing"].boolean();
    is_category_ = kind == "qualitative" || kind == "boolean";
    is_boolean_ = dtype == "boolean";
    is_date_ = kind == "date";
    has_words_ = dtype == "text" && kind == "boolean" && are_words(levels_, words_);
    for (std::size_t n = 0; n < levels_.size(); ++n) level_numbers_.emplace(levels_[n], static_cast<double>(n));
    if (const auto& spelling = record["spelling"]; !spelling.is_null()) {
        const auto& what = spelling["what"].text();
        written_ = what == "numbers"          ? Written::numbers
                   : what == "dates"          ? Written::dates
                   : what == "true and false" ? Written::truths
                   : what == "words"          ? Written::words
                                              : Written::values;
        if (written_ == Written::numbers) {
            spelling_ = {spelling["decimal"].text(), spelling["mark"].text(), spelling["unit"].text()};
        }
        pattern_ = spelling["pattern"].text();
    }
    const bool are_truths = codes_ == std::vector<double>{0, 1};
    has_codes_ = is_category_ || !levels_.empty();
    reader_ = dtype == "text" ? Reader::level
              : is_boolean_   ? Reader::boolean
              : is_date_      ? (written_ == Written::numbers ? Reader::numbered_date : Reader::date)
                              : (are_truths ? Reader::number_or_boolean : Reader::number);
    is_plain_ = (reader_ == Reader::number || reader_ == Reader::number_or_boolean) && spelling_.is_plain();
}

double Column::encode(std::string_view cell) const {
    if (is_plain_) {
        if (const auto number = whole_number(cell)) return *number;
    }
    const bool may_have_blanks = cell.empty() || cell.front() <= ' ' || cell.back() <= ' ' || cell.front() > '~' || cell.back() > '~';
    const auto text = may_have_blanks ? stripped(cell) : cell;
    if (text.empty()) return MISSING;
    const bool may_be_missing = words_.may_be_missing(text);
    if (may_be_missing && contains(words_.stands_for_missing, text)) return MISSING;
    if (reader_ == Reader::level) return level(text);
    if (may_be_missing && is_missing(text)) return MISSING;
    if (written_ == Written::truths) {
        const auto word = lower(text);
        if (word == "true" || word == "false") return word == "true" ? 1 : 0;
    }
    switch (reader_) {
        case Reader::boolean: return boolean(text);
        case Reader::date:
        case Reader::numbered_date: return date(text);
        default: return number(text);
    }
}

// Most cells of most files: up to 15 digits, which float64 holds exactly.
std::optional<double> Column::whole_number(std::string_view cell) const {
    const char *at = cell.data(), *const end = at + cell.size();
    const bool is_negative = at != end && *at == '-';
    at += is_negative;
    if (at == end || end - at > 15) return std::nullopt;
    std::int64_t whole = 0;
    for (; at != end; ++at) {
        const unsigned digit = static_cast<unsigned char>(*at) - unsigned{'0'};
        if (digit > 9) return std::nullopt;
        whole = whole * 10 + digit;
    }
    if (is_negative && !whole) return std::nullopt;  // -0.0 keeps its sign
    const double number = static_cast<double>(is_negative ? -whole : whole);
    return !words_.stand_ins.empty() && is_stand_in(number) ? MISSING : number;
}

bool Column::is_missing(std::string_view text) const { return contains(words_.missing, lower(text)); }

bool Column::is_stand_in(double number) const {
    return std::find(words_.stand_ins.begin(), words_.stand_ins.end(), number) != words_.stand_ins.end();
}

double Column::number(std::string_view text) const {
    auto value = spelling_.read(text);
    if (!value && !is_plain_) value = plain_number(text);
    if (!value) {
        if (reader_ == Reader::number_or_boolean) return boolean(text);
        throw std::invalid_argument(quoted(text) + " is not a number");
    }
    if (std::isinf(*value)) throw std::invalid_argument(quoted(text) + " is not a finite number");
    return is_stand_in(*value) ? MISSING : *value;
}

double Column::boolean(std::string_view text) const {
    const auto word = lower(text);
    if (contains(words_.yes, word)) return 1;
    if (contains(words_.no, word)) return 0;
    if (contains(words_.missing, word)) return MISSING;
    const auto number = plain_number(text);
    if (number && (*number == 0 || *number == 1)) return *number;
    throw std::invalid_argument(quoted(text) + " is neither yes nor no");
}

double Column::date(std::string_view text) const {
    if (reader_ == Reader::numbered_date) {
        long long number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec == std::errc() && read.ptr == text.data() + text.size()) {
            if (is_stand_in(static_cast<double>(number))) return MISSING;
            if (const auto seconds = numbered_date(number)) return *seconds;
        }
    }
    if (written_ == Written::dates) {
        if (const auto seconds = written_date(text, pattern_, Strictness::lenient)) return *seconds;
    }
    if (const auto seconds = iso_date(text)) return *seconds;
    for (const auto* pattern : DATE_PATTERNS) {
        if (const auto seconds = written_date(text, pattern, Strictness::strict)) return *seconds;
    }
    throw std::invalid_argument(quoted(text) + " is not a date such as 2016-01-31 or 2016-01-31 17:00:00");
}

double Column::level(std::string_view text) const {
    if (const auto found = level_numbers_.find(text); found != level_numbers_.end()) return found->second;
    if (is_missing(text)) return MISSING;
    if (!is_utf8(text)) throw std::invalid_argument(quoted(text) + " is not UTF-8");
    const auto word = lower(text);
    double found = UNSEEN;
    if (word == "true" || word == "false") {
        found = level_of_truth(word == "true");
    } else if (const auto number = plain_number(text); number && std::isfinite(*number)) {
        std::string written;  // in another file "1" may have become "1.0"
        append_number(written, *number);
        const bool is_whole = *number == std::floor(*number);
        char whole[400];
        std::snprintf(whole, sizeof whole, "%.0f", *number == 0 ? 0.0 : *number);
        found = level_of(written).value_or(is_whole ? level_of(whole).value_or(UNSEEN) : UNSEEN);
    }
    if (found == UNSEEN && has_words_) {
        if (contains(words_.yes, word)) return 1;
        if (contains(words_.no, word)) return 0;
    }
    return found;
}

std::optional<double> Column::level_of(const std::string& text) const {
    const auto found = level_numbers_.find(text);
    return found == level_numbers_.end() ? std::nullopt : std::optional(found->second);
}

double Column::level_of_truth(bool truth) const {
    const auto& meant = truth ? words_.yes : words_.no;
    for (std::size_t n = 0; n < levels_.size(); ++n) {
        if (contains(meant, lower(stripped(levels_[n])))) return static_cast<double>(n);
    }
    return UNSEEN;
}

void Column::warn(double raw, std::string& warnings) const {
    if (std::isnan(raw) && was_missing_) return;
    if (is_category_ && std::binary_search(codes_.begin(), codes_.end(), raw)) return;
    std::string odd;
    if (std::isnan(raw)) {
        odd = "missing, and no training row was";
    } else if (is_category_) {
        odd = label(raw) + " was not seen in training";
    } else if (!levels_.empty()) {
        if (raw >= 0 && raw < static_cast<double>(levels_.size()) && raw == std::floor(raw)) return;
        odd = label(raw) + " was not seen in training";
    } else {
        if (raw >= low_ && raw <= high_) return;
        odd = label(raw) + " is outside the training range, " + label(low_) + " to " + label(high_);
    }
    if (!warnings.empty()) warnings += "; ";
    warnings += "column " + quoted(name_, std::string::npos) + ": " + odd;
}

std::string Column::label(double raw) const {
    if (!levels_.empty()) {
        const bool is_known = raw >= 0 && raw < static_cast<double>(levels_.size());
        return is_known ? levels_[static_cast<std::size_t>(raw)] : "the text";
    }
    if (is_boolean_ && (raw == 0 || raw == 1)) return raw == 1 ? "true" : "false";
    if (is_date_ && std::abs(raw) < YEAR_9999) return date_text(static_cast<long long>(raw));
    char text[64];
    const bool is_whole = raw == std::floor(raw) && std::abs(raw) < 1e15;
    std::snprintf(text, sizeof text, is_whole ? "%.0f" : "%.10g", raw == 0 ? 0.0 : raw);
    return text;
}
