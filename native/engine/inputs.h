// Inputs: the sources of a stream, as one. It is open when all of them are, and has one budget.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "clock.h"
#include "engine/engine_options.h"
#include "engine/input_partition.h"
#include "engine/partition_table.h"
#include "source/source.h"

namespace tidemark {

// What the sources tell, from within serve(), each with the name of its source.
class InputsListener {
 public:
  // Once, when all are open: all of their partitions.
  virtual void on_open(std::vector<InputPartition> partitions) = 0;
  virtual void on_joined(std::vector<InputPartition> partitions) = 0;
  virtual void on_left(const std::vector<PartitionHandle>& partitions) = 0;
  virtual void on_partition_failed(PartitionHandle partition, Status status) = 0;
  // One of them cannot be opened.
  virtual void on_failed(Status status) = 0;
  virtual void on_client_event(ClientEvent event) = 0;
  virtual void on_log(LogLine line) = 0;
  virtual void on_token_request(const std::string& source) = 0;

 protected:
  ~InputsListener() = default;
};

class Inputs {
 public:
  // `listener` outlives it.
  Inputs(const std::vector<EngineOptions::Input>& inputs, const Budget& budget,
         InputsListener& listener);

  void open(Bell& bell);
  // Returns when it wants to be called again, if the bell does not ring before.
  Clock::time_point serve(Clock::time_point now);
  // Divides the budget between the partitions of `table`, those that have not started yet included.
  void share_budget(PartitionTable& table);
  void enter_live();
  // One after another, within `timeout` all together: each has an equal part of what is left. Those
  // that write come last, since the others hardly need theirs.
  void close(std::chrono::milliseconds timeout);

 private:
  class Input final : public SourceEvents {
   public:
    Input(Inputs& inputs, EngineOptions::Input options, const Dictionaries& dictionaries);

    const std::string& name() const { return options_.name; }
    Source& source() { return *options_.source; }
    const Demand& demand() const { return options_.demand; }
    bool is_open() const { return is_open_; }

   private:
    void on_assigned(std::vector<AssignedPartition> partitions) override;
    void on_revoked(const std::vector<PartitionHandle>& partitions) override;
    void on_partition_failed(PartitionHandle partition, Status status) override;
    void on_failed(Status status) override;
    void on_client_event(ClientEvent event) override;
    void on_log(LogLine line) override;
    void on_token_request() override;
    PartitionId id_of(const TopicPartition& id) const;

    Inputs& inputs_;
    const EngineOptions::Input options_;
    int32_t source_index_;
    std::vector<int32_t> topic_indices_;  // by the index that the source gives a topic
    bool is_open_ = false;
  };

  void on_assigned(std::vector<InputPartition> partitions);

  const Budget budget_;
  InputsListener& listener_;
  std::vector<std::unique_ptr<Input>> inputs_;
  std::vector<InputPartition> assigned_;  // until all are open
  bool is_open_ = false;
};

}  // namespace tidemark
