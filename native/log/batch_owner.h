// BatchOwner: owns the memory that one or more record batches point into; freed when the last of
// them was released.
#pragma once

#include <memory>

namespace tidemark {

using BatchOwner = std::unique_ptr<void, void (*)(void*)>;

}  // namespace tidemark
