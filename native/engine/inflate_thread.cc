#include "engine/inflate_thread.h"

#include "name_thread.h"
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
  push(piece);
  asked_.notify_one();
}

void InflateThread::settle(NextPiece& piece) {
  std::unique_lock<std::mutex> lock(mutex_);
  if (piece.is_queued) {
    take_out(piece);
  } else {
    done_.wait(lock, [&] { return under_way_ != &piece; });
  }
}

void InflateThread::close() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_closing_ = true;
    while (first_ != nullptr)
      take_out(*first_);
    asked_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void InflateThread::push(NextPiece& piece) {
  piece.is_queued = true;
  piece.before = last_;
  piece.behind = nullptr;
  (last_ != nullptr ? last_->behind : first_) = &piece;
  last_ = &piece;
}

void InflateThread::take_out(NextPiece& piece) {
  piece.is_queued = false;
  (piece.before != nullptr ? piece.before->behind : first_) = piece.behind;
  (piece.behind != nullptr ? piece.behind->before : last_) = piece.before;
}

void InflateThread::run() {
  name_thread("tidemark-ahead");
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    asked_.wait(lock, [this] { return is_closing_ || first_ != nullptr; });
    if (is_closing_) return;
    under_way_ = first_;
    take_out(*first_);
    lock.unlock();
    under_way_->inflate_ahead();
    lock.lock();
    under_way_ = nullptr;
    done_.notify_one();
  }
}

}  // namespace tidemark
