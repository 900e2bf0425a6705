// What the network takes and answers: schema.json.
#pragma once

#include "json.hpp"
#include "numbers.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

constexpr double MISSING = std::numeric_limits<double>::quiet_NaN();

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};
template <typename Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;
using Texts = std::unordered_set<std::string, TextHash, std::equal_to<>>;

// Words that mean the same in every column: "missing" for no value, in lower case; yes and no.
struct Words {
    Texts missing, yes, no;
    Texts stands_for_missing;         // as the training file wrote it, e.g. -999,
    std::vector<double> stand_ins;    // and the numbers among these
    std::uint64_t lengths[256] = {};  // by first sign: bit n is set where a text for a missing value has n signs
    void finish();

    // Whether a text, which is not empty, has the look of one of them: most cells are numbers and have not.
    bool may_be_missing(std::string_view text) const {
        return text.size() >= 64 || (lengths[static_cast<unsigned char>(text[0])] >> text.size() & 1);
    }
};

// One column: reads a cell of it, and says what no training row had.
class Column {
public:
    Column(const Json& record, const Words& words);

    // The raw number of a cell: as it is, a level's index (-1 where no training row had it), 0 or 1, or seconds since
    // 1970; NaN where there is no value. std::invalid_argument, with a sentence, where it cannot be read.
    double encode(std::string_view cell) const;

    // Whether a raw number is one that training rows had: true only where `warn` would add nothing.
    bool is_usual(double raw) const { return !has_codes_ && raw >= low_ && raw <= high_; }

    // Adds what is odd in a raw number to a row's warnings.
    void warn(double raw, std::string& warnings) const;

    const std::string& name() const { return name_; }

private:
    enum class Reader { number, number_or_boolean, boolean, date, numbered_date, level };
    enum class Written { words, numbers, dates, truths, values };

    std::optional<double> whole_number(std::string_view cell) const;
    double number(std::string_view text) const;
    double boolean(std::string_view text) const;
    double date(std::string_view text) const;
    double level(std::string_view text) const;
    std::optional<double> level_of(const std::string& text) const;
    double level_of_truth(bool truth) const;
    bool is_missing(std::string_view text) const;
    bool is_stand_in(double number) const;
    std::string label(double raw) const;

    const Words& words_;
    std::string name_, pattern_;
    Reader reader_ = Reader::number;
    Written written_ = Written::values;
    NumberSpelling spelling_;
    std::vector<std::string> levels_;
    ByText<double> level_numbers_;
    std::vector<double> codes_;
    double low_ = -std::numeric_limits<double>::infinity(), high_ = std::numeric_limits<double>::infinity();
    bool has_codes_ = false, is_plain_ = false;
    bool is_category_ = false, is_boolean_ = false, is_date_ = false, was_missing_ = false, has_words_ = false;
};

// One class as predictions show it.
struct Label {
    std::string prediction;  // in the column "prediction"
    std::string name;        // in "probability_NAME"
};

struct Schema {
    // InputError: no such file, or one that this program cannot read.
    explicit Schema(const std::string& path);
    Schema(const Schema&) = delete;  // its columns refer to its words

    std::vector<std::string> names() const;

    bool is_image = false;
    std::optional<double> threshold;
    std::vector<Label> labels;  // none where a quantity is predicted
    std::vector<std::int64_t> row_shape;
    Words words;
    std::vector<Column> columns;
};
