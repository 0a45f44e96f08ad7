#include "capture/capture_writer.h"

#include <condition_variable>
#include <deque>
#include <limits>
#include <mutex>
#include <utility>
#include <variant>

#include "capture/capture.h"
#include "errors.h"
#include "name_thread.h"
#include "start_thread.h"

namespace tidemark {
namespace {

struct StartLane {
  uint32_t lane;
  TopicPartition id;
  ReplayRange range;
  GapPolicy gap_policy;
  size_t most_inflated_bytes;
};

struct StopLane {
  uint32_t lane;
};

using Order = std::variant<StartLane, CapturedPiece, StopLane>;

// What a piece costs beside the memory of its record batches.
size_t cost_of(const CapturedPiece& piece) {
  return piece.bytes + sizeof(Order) + piece.batches.size() * sizeof(RecordBatch);
}

size_t cost_of(const Order& order) {
  const auto* const piece = std::get_if<CapturedPiece>(&order);
  return piece == nullptr ? 0 : cost_of(*piece);
}

Status carry_out(Capture& capture, const Order& order, Clock::time_point now) {
  if (const auto* const start = std::get_if<StartLane>(&order)) {
    return capture.start(start->lane, start->id, start->range, start->gap_policy,
                         start->most_inflated_bytes);
  }
  if (const auto* const stop = std::get_if<StopLane>(&order)) return capture.stop(stop->lane, now);
  const auto& piece = std::get<CapturedPiece>(order);
  for (const RecordBatch& batch : piece.batches) {
    if (Status status = capture.write(piece.lane, batch, now); !status.ok()) return status;
  }
  return Status();
}

}  // namespace

struct CaptureWriter::Shared {
  Shared(CaptureOptions its_options, std::shared_ptr<Disk> its_disk,
         std::function<void()> on_change)
      : options(std::move(its_options)),
        disk(std::move(its_disk)),
        changed(std::move(on_change)),
        capture(options, *disk) {}

  void put(Order order);
  void end(Status why);
  void run();
  bool take(Order* order);

  const CaptureOptions options;
  const std::shared_ptr<Disk> disk;

  std::mutex mutex;
  std::condition_variable woken;    // the thread: there is an order, or close() is called
  std::condition_variable is_done;  // close(): the thread has nothing more to do
  // Under the mutex.
  std::function<void()> changed;  // empty once nobody listens any more
  std::deque<Order> orders;
  size_t queued_bytes = 0;
  State state = State::kOpening;
  Status status;
  Status loss;
  bool wants_room = false;
  bool is_closing = false;
  bool is_left_behind = false;  // nobody waits for the thread any more
  bool done = false;

  Capture capture;  // the thread's
};

CaptureWriter::CaptureWriter(CaptureOptions options, std::shared_ptr<Disk> disk,
                             std::function<void()> changed)
    : shared_(std::make_shared<Shared>(std::move(options), std::move(disk), std::move(changed))) {
  Status started = start_thread(&thread_, [shared = shared_] { shared->run(); });
  if (started.ok()) return;
  std::lock_guard<std::mutex> lock(shared_->mutex);
  shared_->end(std::move(started));
  shared_->done = true;
}

CaptureWriter::~CaptureWriter() {
  if (thread_.joinable()) thread_.detach();
}

void CaptureWriter::start(uint32_t lane, const TopicPartition& id, const ReplayRange& range,
                          GapPolicy gap_policy, size_t most_inflated_bytes) {
  shared_->put(StartLane{lane, id, range, gap_policy, most_inflated_bytes});
}

void CaptureWriter::write(CapturedPiece piece) { shared_->put(std::move(piece)); }

void CaptureWriter::stop(uint32_t lane) { shared_->put(StopLane{lane}); }

CaptureWriter::State CaptureWriter::state() const {
  std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->state;
}

Status CaptureWriter::status() const {
  std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->status;
}

Status CaptureWriter::loss() const {
  std::lock_guard<std::mutex> lock(shared_->mutex);
  return shared_->loss;
}

size_t CaptureWriter::ask_for_room() {
  constexpr size_t kAny = std::numeric_limits<size_t>::max();
  if (!shared_->options.holds_stream) return kAny;
  std::lock_guard<std::mutex> lock(shared_->mutex);
  if (shared_->state == State::kEnded) return kAny;
  const size_t most = shared_->options.max_queued_bytes;
  const size_t queued = shared_->queued_bytes;
  if (queued < most) return most - queued;
  shared_->wants_room = true;
  return 0;
}

Status CaptureWriter::close(Clock::time_point deadline) {
  std::deque<Order> dropped;
  {
    std::unique_lock<std::mutex> lock(shared_->mutex);
    shared_->changed = nullptr;
    shared_->is_closing = true;
    shared_->woken.notify_one();
    shared_->is_done.wait_until(lock, deadline, [this] { return shared_->done; });
    if (!shared_->done) {
      shared_->is_left_behind = true;
      dropped.swap(shared_->orders);
      shared_->end(capture_not_finished(shared_->options.dir, shared_->queued_bytes));
    }
  }
  dropped.clear();
  if (thread_.joinable()) {
    if (shared_->is_left_behind) {
      thread_.detach();
    } else {
      thread_.join();
    }
  }
  return status();
}

// --- the queue --------------------------------------------------------------------------------

void CaptureWriter::Shared::put(Order order) {
  const size_t cost = cost_of(order);
  std::lock_guard<std::mutex> lock(mutex);
  // The order goes with its memory when this returns.
  if (state == State::kEnded) return;
  const bool is_too_much = queued_bytes > 0 && queued_bytes + cost > options.max_queued_bytes;
  if (is_too_much && !options.holds_stream && cost > 0) {
    end(capture_too_slow(options.dir, queued_bytes));
    return;
  }
  queued_bytes += cost;
  orders.push_back(std::move(order));
  woken.notify_one();
}

// Under the mutex.
void CaptureWriter::Shared::end(Status why) {
  if (state == State::kEnded) {
    if (loss.ok()) loss = std::move(why);
    return;
  }
  state = State::kEnded;
  status = std::move(why);
  woken.notify_one();
  if (changed) changed();
}

// --- the thread -------------------------------------------------------------------------------

// Waits for the next order; false where none will come. Ends and removes segments meanwhile.
bool CaptureWriter::Shared::take(Order* order) {
  for (;;) {
    const Status served = capture.serve(Clock::now());
    std::unique_lock<std::mutex> lock(mutex);
    if (is_left_behind) return false;
    if (!served.ok()) {
      end(served);
      return false;
    }
    if (!orders.empty()) {
      *order = std::move(orders.front());
      orders.pop_front();
      return true;
    }
    if (is_closing || state == State::kEnded) return false;
    const Clock::time_point due = capture.next_due();
    if (due == Clock::time_point::max()) {
      woken.wait(lock);
    } else {
      woken.wait_until(lock, due);
    }
  }
}

void CaptureWriter::Shared::run() {
  name_thread("tidemark-disk");
  Status result = capture.open();
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (result.ok()) {
      state = State::kOpen;
      if (changed) changed();
    }
  }
  for (Order order; result.ok() && take(&order); order = Order()) {
    const size_t cost = cost_of(order);
    result = carry_out(capture, order, Clock::now());
    order = Order();  // its memory, before the room that it leaves is told of
    std::lock_guard<std::mutex> lock(mutex);
    queued_bytes -= cost;
    if (wants_room && queued_bytes <= options.max_queued_bytes / 2) {
      wants_room = false;
      if (changed) changed();
    }
  }
  std::deque<Order> dropped;
  bool is_wanted;
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (!result.ok()) end(std::move(result));
    dropped.swap(orders);
    is_wanted = !is_left_behind;
  }
  dropped.clear();
  Status finished = is_wanted ? capture.finish(Clock::now()) : Status();
  std::lock_guard<std::mutex> lock(mutex);
  if (!finished.ok()) end(std::move(finished));
  done = true;
  is_done.notify_all();
}

}  // namespace tidemark
