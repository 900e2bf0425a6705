// predict: raw rows in, predictions out. Exit status 0 done, 2 the input is wrong, 1 anything else.
#include "failure.hpp"
#include "images.hpp"
#include "network.hpp"
#include "options.hpp"
#include "predictions.hpp"
#include "table.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace {

constexpr std::size_t NUMBERS = 1 << 20;  // of a batch of images, of which first layers make many times as many

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

struct Timing {
    double loading = 0, network = 0, all = 0;
    std::size_t rows = 0;
};

template <typename Source>
void predict_rows(Source& source, Network& network, const Schema& schema, bool has_warnings, Timing& timing) {
    Predictions predictions(schema, has_warnings);
    for (Batch batch; source.next(batch);) {
        const auto begun = Clock::now();
        const auto output = network.predict(
            batch.values.data(), {static_cast<std::int64_t>(batch.rows), static_cast<std::int64_t>(schema.columns.size())});
        timing.network += seconds_since(begun);
        timing.rows += batch.rows;
        predictions.write(output, batch.rows, batch.first_row, batch.warnings);
    }
}

void predict_table(const Options& options, const Schema& schema, Network& network, Timing& timing) {
    CsvReader reader(options.data, schema.names(), options.separator);
    Table table(reader, schema, options.batch, options.is_raw);
    if (options.threads == 1) {
        predict_rows(table, network, schema, options.has_warnings, timing);
    } else {
        Ahead ahead(table);
        predict_rows(ahead, network, schema, options.has_warnings, timing);
    }
}

void predict_images(const Options& options, const Schema& schema, Network& network, Timing& timing) {
    Images images(options.data, schema.row_shape);
    std::size_t numbers = 1;
    for (const auto size : schema.row_shape) numbers *= static_cast<std::size_t>(size);
    const auto most = std::max<std::size_t>(1, std::min(options.batch, NUMBERS / std::max<std::size_t>(numbers, 1)));
    Predictions predictions(schema, false);
    std::vector<std::uint8_t> pixels;
    while (const auto rows = images.next(pixels, most)) {
        std::vector<std::int64_t> shape{static_cast<std::int64_t>(rows)};
        shape.insert(shape.end(), schema.row_shape.begin(), schema.row_shape.end());
        const auto begun = Clock::now();
        const auto output = network.predict(pixels.data(), shape);
        timing.network += seconds_since(begun);
        predictions.write(output, rows, static_cast<long long>(timing.rows) + 1, {});
        timing.rows += rows;
    }
}

void run(const Options& options) {
    Timing timing;
    auto begun = Clock::now();
    const Schema schema(options.schema);
    Network network(options.network, std::max(1, options.threads - 1));
    timing.loading = seconds_since(begun);
    begun = Clock::now();
    (schema.is_image ? predict_images : predict_table)(options, schema, network, timing);
    timing.all = seconds_since(begun);
    if (options.has_timing) {
        std::fprintf(stderr, "%zu rows, loading %.4f s, rows to predictions %.4f s, network alone %.4f s\n", timing.rows,
                     timing.loading, timing.all, timing.network);
    }
}

// Each batch takes and gives back the same large blocks: they stay with the program, and their pages need not be made anew.
void keep_memory() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int stopped(const std::exception& error, int status) {
    std::fprintf(stderr, "predict: %s\n", error.what());
    return status;
}

}  // namespace

int main(int count, char** words) {
    keep_memory();
    try {
        const Options options(count, words);
        if (options.wants_help) {
            std::fputs(USAGE, stdout);
            return 0;
        }
        run(options);
        return 0;
    } catch (const InputError& error) {
        return stopped(error, 2);
    } catch (const std::exception& error) {
        return stopped(error, 1);
    }
}
