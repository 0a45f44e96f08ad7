// reap: destroys a librdkafka handle within a deadline, whatever the brokers do.
#pragma once

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "start_thread.h"

namespace tidemark {

// rd_kafka_destroy joins librdkafka's threads, and one of them may be in a DNS look-up that nothing
// can interrupt. Past the deadline the handle is left to a thread of its own, which ends when the
// look-up does; the addon is linked with -z nodelete, so that its code outlives the environment.
inline void reap(rd_kafka_t* handle, std::chrono::milliseconds deadline) {
  struct Progress {
    std::mutex mutex;
    std::condition_variable condition;
    bool done = false;
  };
  const auto progress = std::make_shared<Progress>();
  const auto destroy = [handle, progress] {
    rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    {
      std::lock_guard<std::mutex> lock(progress->mutex);
      progress->done = true;
    }
    progress->condition.notify_one();
  };
  std::thread thread;
  if (!start_thread(&thread, destroy).ok()) {
    destroy();  // late is better than never
    return;
  }
  std::unique_lock<std::mutex> lock(progress->mutex);
  const bool done = progress->condition.wait_for(lock, deadline, [&] { return progress->done; });
  lock.unlock();
  if (done) {
    thread.join();
  } else {
    thread.detach();
  }
}

}  // namespace tidemark
