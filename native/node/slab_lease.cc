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

// Below this a copy costs less than an external ArrayBuffer with its finalizer.
constexpr size_t kSmallSlabBytes = 4096;

Napi::Object layout_to_js(Napi::Env env, const SlabLayout& layout) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* name, size_t offset) {
    object.Set(name, Napi::Number::New(env, static_cast<double>(offset)));
  };
  set("offset", layout.offset);
  set("timestamp", layout.timestamp);
  set("topic", layout.topic);
  set("partition", layout.partition);
  set("keyOffsets", layout.key_offsets);
  set("valueOffsets", layout.value_offsets);
  set("keyValidity", layout.key_validity);
  set("valueValidity", layout.value_validity);
  set("timestampValidity", layout.timestamp_validity);
  return object;
}

void set_counts(Napi::Env env, Napi::Object object, const Slab& slab) {
  const auto set = [&](const char* name, size_t value) {
    object.Set(name, Napi::Number::New(env, static_cast<double>(value)));
  };
  set("rows", slab.rows);
  set("keyBytes", slab.key_bytes);
  set("valueBytes", slab.value_bytes);
  set("keyNulls", slab.key_nulls);
  set("valueNulls", slab.value_nulls);
  set("timestampNulls", slab.timestamp_nulls);
}

// Empty where a worker that is being terminated makes no more objects; its env is none, too, and
// node-addon-api ends the process when that is used.
Napi::ArrayBuffer copy_bytes(Napi::Env env, const uint8_t* data, size_t size) {
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, size);
  if (size > 0 && !buffer.IsEmpty()) memcpy(buffer.Data(), data, size);
  return buffer;
}

// Only the rows that are there: the fixed buffer is laid out anew for so many.
Napi::ArrayBuffer copy_fixed(Napi::Env env, const Slab& slab, const SlabLayout& to) {
  const SlabLayout from(slab.row_capacity);
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(env, to.bytes);
  if (buffer.IsEmpty()) return buffer;
  auto* target = static_cast<uint8_t*>(buffer.Data());
  const uint8_t* source = slab.fixed.data();
  const size_t rows = slab.rows, bitmap = (rows + 7) / 8;
  const auto copy = [&](size_t SlabLayout::*column, size_t bytes) {
    memcpy(target + to.*column, source + from.*column, bytes);
  };
  copy(&SlabLayout::offset, rows * sizeof(int64_t));
  copy(&SlabLayout::timestamp, rows * sizeof(int64_t));
  copy(&SlabLayout::topic, rows * sizeof(int32_t));
  copy(&SlabLayout::partition, rows * sizeof(int32_t));
  copy(&SlabLayout::key_offsets, (rows + 1) * sizeof(int32_t));
  copy(&SlabLayout::value_offsets, (rows + 1) * sizeof(int32_t));
  copy(&SlabLayout::key_validity, bitmap);
  copy(&SlabLayout::value_validity, bitmap);
  copy(&SlabLayout::timestamp_validity, bitmap);
  return buffer;
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
  set_counts(env, object, *slab);
  if (!copied && slab->bytes() > kSmallSlabBytes) {
    const auto lease = std::make_shared<SlabLease>(env, pool);
    const SlabLayout layout(slab->row_capacity);
    napi_status status = napi_ok;
    napi_value fixed = lease_bytes(env, lease, slab->fixed.data(), layout.bytes, &status);
    if (status == napi_ok) {
      napi_value keys = lease_bytes(env, lease, slab->keys.data(), slab->key_bytes, &status);
      napi_value values = lease_bytes(env, lease, slab->values.data(), slab->value_bytes, &status);
      lease->begin(std::move(slab));
      *last = lease;
      object.Set("fixed", fixed);
      object.Set("keys", keys);
      object.Set("values", values);
      object.Set("layout", layout_to_js(env, layout));
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
  const SlabLayout layout(slab->rows);
  object.Set("fixed", copy_fixed(env, *slab, layout));
  object.Set("keys", copy_bytes(env, slab->keys.data(), slab->key_bytes));
  object.Set("values", copy_bytes(env, slab->values.data(), slab->value_bytes));
  object.Set("layout", layout_to_js(env, layout));
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
