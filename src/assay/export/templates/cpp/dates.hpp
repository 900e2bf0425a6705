// Dates as people write them, in seconds since 1970-01-01 00:00; a moment with an offset is counted in UTC.
#pragma once

#include <optional>
#include <string_view>

enum class Strictness {
    lenient,  // 1.2.2020 under %d.%m.%Y, any white space: what polars reads
    strict,   // four digits a year, no white space but where the pattern has some: what Python reads
};

// A date in a strftime pattern: %Y %y %m %d %b %B %H %I %M %S %.f %p %z %:z, and any other signs.
std::optional<double> written_date(std::string_view text, std::string_view pattern, Strictness strictness);

// A date such as 2016-01-31, 2016-01-31T17:00:00.5+01:00, 20160131 or 2016-W05-7 (ISO 8601).
std::optional<double> iso_date(std::string_view text);

// A whole number that is a date: 20160131, or seconds or milliseconds since 1970.
std::optional<double> numbered_date(long long number);
