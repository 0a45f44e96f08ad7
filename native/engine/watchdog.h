// Watchdog: notices partitions that have records waiting on the broker and get none of them. It
// knows neither threads nor librdkafka; the time is handed in.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace tidemark {

class Watchdog {
 public:
  using Duration = std::chrono::steady_clock::duration;

  // What there is to know of a partition.
  struct Look {
    bool is_waited_for;  // there is more to come, and nothing of it is here
    int64_t position;
  };

  // A `timeout` of 0 turns it off.
  explicit Watchdog(std::chrono::milliseconds timeout);

  // For how long polls have been waiting, all together: the clock that counts here. To be called
  // before the next two.
  void set_time(Duration waited) { watched_ = waited; }
  // How much more of it until is_due() will be true.
  Duration remaining() const { return is_on_ ? due_ - watched_ : Duration::max(); }
  bool is_due() const { return is_on_ && watched_ >= due_; }
  // Looks at each partition; further ones may join. Returns those that were waited for at every
  // look since the timeout began, and stayed where they are: at the timeout, or up to a quarter of
  // it later.
  std::vector<uint32_t> look(size_t partitions, const std::function<Look(size_t)>& look_at);
  // The stall has been told: every partition has the whole timeout again.
  void restart();

 private:
  struct Wait {
    bool is_on = false;
    int64_t position = 0;
    Duration since{};
  };

  const bool is_on_;
  const Duration timeout_;
  const Duration step_;  // between two looks
  std::vector<Wait> waits_;
  Duration watched_{};
  Duration due_{};
};

}  // namespace tidemark
