// Images from a NumPy file (.npy): uint8 (N, C, H, W) at the size that the network takes.
#pragma once

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

class Images {
public:
    // `shape` is (C, H, W). InputError: no such file, or other values in it, with what was found.
    Images(const std::string& path, const std::vector<std::int64_t>& shape);

    // Reads up to `most` images into `pixels`; how many it were, 0 at the end. InputError: the file is cut.
    std::size_t next(std::vector<std::uint8_t>& pixels, std::size_t most);

private:
    std::string path_;
    std::ifstream file_;
    std::size_t image_bytes_ = 1, left_ = 0;
};
