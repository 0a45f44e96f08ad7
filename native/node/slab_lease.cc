#include "node/slab_lease.h"

#include <cstring>
#include <utility>

namespace tidemark {

// Shared by the NativeSlab and the ArrayBuffers that lie over one slab, which goes back to the pool
// with the last of them. All on the environment's own thread.
class SlabLease {
 public:
  SlabLease(Napi::Env env, std::shared_ptr<SlabPool> pool) : env_(env), pool_(std::move(pool)) {}
  ~SlabLease() { end(); }

  void begin(std::unique_ptr<Slab> slab) { slab_ = std::move(slab); }

  void report() {
    if (!slab_ || reported_bytes_ > 0) return;
    reported_bytes_ = static_cast<int64_t>(slab_->bytes());
    Napi::MemoryManagement::AdjustExternalMemory(env_, reported_bytes_);
  }

  void end() {
    if (!slab_) return;
    if (reported_bytes_ > 0) Napi::MemoryManagement::AdjustExternalMemory(env_, -reported_bytes_);
    pool_->give_back(std::move(slab_));
  }

 private:
  const Napi::Env env_;
  const std::shared_ptr<SlabPool> pool_;
  std::unique_ptr<Slab> slab_;  // null before the lease begins and after it ends
  int64_t reported_bytes_ = 0;
};

namespace {

// Below this, rows in use counted and not those there is room for, a copy costs less than external
// ArrayBuffers with their finalizers. And who keeps it keeps no slab with room for a full batch.
constexpr size_t kSmallBytes = 16 * 1024;

void write_head(uint8_t* fixed, const SlabLayout& layout, const SlabHead& head) {
  memcpy(fixed + layout.head, &head, sizeof(head));
}

// All of a slab's rows in one ArrayBuffer: the fixed buffer, laid out anew for so many, then keys
// and values. Empty where a worker that is being terminated makes no more objects; its env is none,
// too, and node-addon-api ends the process when that is used.
Napi::ArrayBuffer copy_slab(Napi::Env env, const Slab& slab, const SlabLayout& to) {
  const size_t keys_at = to.bytes, values_at = keys_at + slab.key_bytes;
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, values_at + slab.value_bytes);
  if (buffer.IsEmpty()) return buffer;
  const SlabLayout from(slab.row_capacity);
  auto* target = static_cast<uint8_t*>(buffer.Data());
  const uint8_t* source = slab.fixed.data();
  const size_t rows = slab.rows, bitmap = (rows + 7) / 8;
  const auto copy = [&](size_t SlabLayout::*column, size_t bytes) {
    memcpy(target + to.*column, source + from.*column, bytes);
  };
  write_head(target, to, SlabHead(slab, to, keys_at, values_at));
  copy(&SlabLayout::offset, rows * sizeof(int64_t));
  copy(&SlabLayout::timestamp, rows * sizeof(int64_t));
  copy(&SlabLayout::topic, rows * sizeof(int32_t));
  copy(&SlabLayout::partition, rows * sizeof(int32_t));
  copy(&SlabLayout::key_offsets, (rows + 1) * sizeof(int32_t));
  copy(&SlabLayout::value_offsets, (rows + 1) * sizeof(int32_t));
  copy(&SlabLayout::key_validity, bitmap);
  copy(&SlabLayout::value_validity, bitmap);
  copy(&SlabLayout::timestamp_validity, bitmap);
  if (slab.key_bytes > 0) memcpy(target + keys_at, slab.keys.data(), slab.key_bytes);
  if (slab.value_bytes > 0) memcpy(target + values_at, slab.values.data(), slab.value_bytes);
  return buffer;
}

void set_buffers(Napi::Object object, napi_value fixed, napi_value keys, napi_value values) {
  object.Set("fixed", fixed);
  object.Set("keys", keys);
  object.Set("values", values);
}

using LeasePtr = std::shared_ptr<SlabLease>;

// An empty ArrayBuffer where there is nothing to lie over.
napi_value lease_bytes(Napi::Env env, const LeasePtr& lease, uint8_t* data, size_t size,
                       napi_status* status) {
  if (size == 0) return Napi::ArrayBuffer::New(env, 0);
  napi_value buffer = nullptr;
  auto* share = new LeasePtr(lease);
  *status = napi_create_external_arraybuffer(
      env, data, size, [](napi_env, void*, void* hint) { delete static_cast<LeasePtr*>(hint); },
      share, &buffer);
  if (*status != napi_ok) delete share;
  return buffer;
}

}  // namespace

Napi::Object lease_slab(Napi::Env env, std::unique_ptr<Slab> slab, std::shared_ptr<SlabPool> pool,
                        bool copied, std::weak_ptr<SlabLease>* last) {
  if (const LeasePtr kept = last->lock()) kept->report();
  Napi::Object object = Napi::Object::New(env);
  const SlabLayout exact(slab->rows);
  if (!copied && exact.bytes + slab->key_bytes + slab->value_bytes > kSmallBytes) {
    const auto lease = std::make_shared<SlabLease>(env, pool);
    const SlabLayout layout(slab->row_capacity);
    napi_status status = napi_ok;
    napi_value fixed = lease_bytes(env, lease, slab->fixed.data(), layout.bytes, &status);
    if (status == napi_ok) {
      napi_value keys = lease_bytes(env, lease, slab->keys.data(), slab->key_bytes, &status);
      napi_value values = lease_bytes(env, lease, slab->values.data(), slab->value_bytes, &status);
      write_head(slab->fixed.data(), layout, SlabHead(*slab, layout, 0, 0));
      lease->begin(std::move(slab));
      *last = lease;
      set_buffers(object, fixed, keys, values);
      auto* share = new LeasePtr(lease);
      status = napi_wrap(
          env, object, share,
          [](napi_env, void* data, void*) { delete static_cast<LeasePtr*>(data); }, nullptr,
          nullptr);
      if (status != napi_ok) delete share;
      return object;
    }
    // napi_no_external_buffers_allowed (Electron): the memory must be V8's own. Or a worker is
    // being terminated, and nothing can be made any more.
  }
  Napi::ArrayBuffer buffer = copy_slab(env, *slab, exact);
  set_buffers(object, buffer, buffer, buffer);
  pool->give_back(std::move(slab));
  return object;
}

void release_slab(Napi::Object slab) {
  Napi::Env env = slab.Env();
  bool all_here = true;
  for (const char* name : {"fixed", "keys", "values"}) {
    Napi::Value value = slab.Get(name);
    if (!value.IsArrayBuffer()) return;
    // Not by node-addon-api, which would throw, and detach what is detached already.
    bool is_detached = false;
    napi_is_detached_arraybuffer(env, value, &is_detached);
    if (is_detached || napi_detach_arraybuffer(env, value) != napi_ok) all_here = false;
  }
  void* data = nullptr;
  if (napi_unwrap(env, slab, &data) != napi_ok) return;  // a copied slab
  // A buffer that was detached already may have been moved to another thread, which still reads
  // it, and so may JavaScript one that could not be detached: then only the finalizers know when
  // the memory is free.
  if (all_here) (*static_cast<LeasePtr*>(data))->end();
}

}  // namespace tidemark
