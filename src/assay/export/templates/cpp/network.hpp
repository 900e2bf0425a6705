// The exported network: raw rows in, predictions out. The only part that knows libtorch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

class Network {
public:
    // Loads a TorchScript file (.pt) or an AOTInductor package (.pt2) and runs it with `threads` threads.
    // InputError: no such file, or one that is not what its ending says.
    Network(const std::string& path, int threads);
    ~Network();

    // Predicts rows. `rows` is row-major float64 of this shape, NaN where a value is missing, and stays the
    // caller's. Answers (N,) values or (N, K) probabilities, row-major float64.
    std::vector<double> predict(double* rows, const std::vector<std::int64_t>& shape);

    // The same for images, uint8 (N, C, H, W).
    std::vector<double> predict(std::uint8_t* images, const std::vector<std::int64_t>& shape);

private:
    struct Backend;
    std::unique_ptr<Backend> backend_;
};
