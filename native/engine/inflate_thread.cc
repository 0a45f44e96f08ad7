#include "engine/inflate_thread.h"

#include <pthread.h>

#include <algorithm>

#include "start_thread.h"

namespace tidemark {

void InflateThread::ask(NextPiece& piece) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (is_closing_) return;
  if (!is_started_) {
    is_started_ = true;
    is_closing_ = !start_thread(&thread_, [this] { run(); }).ok();
    if (is_closing_) return;
  }
  queue_.push_back(&piece);
  asked_.notify_one();
}

void InflateThread::settle(NextPiece& piece) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto place = std::find(queue_.begin(), queue_.end(), &piece);
  if (place != queue_.end()) {
    queue_.erase(place);
  } else {
    done_.wait(lock, [&] { return under_way_ != &piece; });
  }
}

void InflateThread::close() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_closing_ = true;
    queue_.clear();
    asked_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void InflateThread::run() {
#ifdef __linux__
  pthread_setname_np(pthread_self(), "tidemark-ahead");
#endif
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    asked_.wait(lock, [this] { return is_closing_ || !queue_.empty(); });
    if (is_closing_) return;
    under_way_ = queue_.front();
    queue_.pop_front();
    lock.unlock();
    under_way_->inflate_ahead();
    lock.lock();
    under_way_ = nullptr;
    done_.notify_one();
  }
}

}  // namespace tidemark
