/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "summary/metrics.h"

static const MigMetricInfo metrics[MIG_N_METRICS] = {
  [MIG_METRIC_TOTAL_TIME] = { "total_time_s", "total time", "s", MIG_BETTER_LOWER,
                              "virDomainMigrate3 called until it returned, summed over the "
                              "migrations",
                              TRUE },
  [MIG_METRIC_WALL_TIME] = { "wall_time_s", "wall time", "s", MIG_BETTER_LOWER,
                             "first migration called until the last one returned" },
  [MIG_METRIC_TRANSFER_TIME] = { "transfer_time_s", "transfer time", "s", MIG_BETTER_LOWER,
                                 "the hypervisor's own time for the jobs, summed; its resolution "
                                 "is 1 ms" },
  [MIG_METRIC_DOWNTIME_REPORTED] = { "downtime_reported_s", "downtime (reported)", "s",
                                     MIG_BETTER_LOWER,
                                     "the hypervisor's own figure, summed; its resolution is 1 ms",
                                     TRUE },
  [MIG_METRIC_DOWNTIME_EVENTS] = { "downtime_events_s", "downtime (events)", "s", MIG_BETTER_LOWER,
                                   "suspended on the source until resumed on the destination, by "
                                   "the arrival of the events, "
                                   "summed",
                                   TRUE },
  [MIG_METRIC_DOWNTIME_GUEST] = { "downtime_guest_s", "downtime (guest)", "s", MIG_BETTER_LOWER,
                                  "silence between the two heartbeats around the switch-over less "
                                  "one period, summed; its "
                                  "resolution is one period each",
                                  TRUE },
  [MIG_METRIC_DOWNTIME_GUEST_LOW] = { "downtime_guest_low_s", "downtime (guest), lower bound", "s",
                                      MIG_BETTER_LOWER, "the least that it can have been, summed" },
  [MIG_METRIC_DOWNTIME_GUEST_HIGH] = { "downtime_guest_high_s", "downtime (guest), upper bound",
                                       "s", MIG_BETTER_LOWER,
                                       "the most that it can have been, summed" },
  [MIG_METRIC_OUTAGE] = { "outage_s", "outage", "s", MIG_BETTER_LOWER,
                          "time that packets of clients cover which a migrating guest did not "
                          "answer, summed over the migrations; its resolution is their period",
                          TRUE },
  [MIG_METRIC_OUTAGE_ICMP] = { "outage_icmp_s", "outage by ICMP echo", "s", MIG_BETTER_LOWER,
                               "the same by ICMP echo, which the guest's kernel answers; its "
                               "resolution is 50 ms" },
  [MIG_METRIC_SILENCE] = { "silence_s", "silence", "s", MIG_BETTER_LOWER,
                           "longest time between two answers of a migrating guest to a client's "
                           "packets: the outage and what the guest needs to catch up" },
  [MIG_METRIC_SILENCE_FLOOR] = { "silence_floor_s", "silence before", "s", MIG_BETTER_LOWER,
                                 "the same before its migration" },
  [MIG_METRIC_STALL] = { "tcp_stall_s", "TCP stall", "s", MIG_BETTER_LOWER,
                         "longest that a client's request on a TCP connection waited for its "
                         "answer, of the connection that waited longest; at least that where "
                         "open_requests is not 0",
                         TRUE },
  [MIG_METRIC_STALL_MEDIAN] = { "tcp_stall_median_s", "TCP stall, median connection", "s",
                                MIG_BETTER_LOWER,
                                "the same of the connection in the middle; of several migrations "
                                "the longest" },
  [MIG_METRIC_STALL_FLOOR] = { "tcp_stall_floor_s", "TCP stall before", "s", MIG_BETTER_LOWER,
                               "the same as tcp_stall_s before the guest's migration" },
  [MIG_METRIC_CONNECT] = { "connect_s", "longest connect", "s", MIG_BETTER_LOWER,
                           "longest that a new TCP connection to a migrating guest took, one a "
                           "second; one that was refused or lost counts to the first answer to a "
                           "later one, or else to the window's end" },
  [MIG_METRIC_CONNECT_FLOOR] = { "connect_floor_s", "longest connect before", "s", MIG_BETTER_LOWER,
                                 "the same before its migration" },
  [MIG_METRIC_STREAM_TO] = { "stream_to_s", "stall of a stream to it", "s", MIG_BETTER_LOWER,
                             "longest that nothing of a stream to a migrating guest was "
                             "acknowledged; its resolution is 10 ms" },
  [MIG_METRIC_STREAM_TO_FLOOR] = { "stream_to_floor_s", "stall of a stream to it before", "s",
                                   MIG_BETTER_LOWER, "the same before its migration" },
  [MIG_METRIC_STREAM_FROM] = { "stream_from_s", "stall of a stream from it", "s", MIG_BETTER_LOWER,
                               "longest that nothing of a stream from a migrating guest came, "
                               "which "
                               "gives every 10 ms" },
  [MIG_METRIC_STREAM_FROM_FLOOR] = { "stream_from_floor_s", "stall of a stream from it before", "s",
                                     MIG_BETTER_LOWER, "the same before its migration" },
  [MIG_METRIC_OPEN_REQUESTS] = { "open_requests", "requests without an answer", "1",
                                 MIG_BETTER_LOWER,
                                 "TCP connections of which a request was still not answered at the "
                                 "window's end, summed over the migrations; its wait counts up to "
                                 "then" },
  [MIG_METRIC_RARP] = { "first_rarp_s", "first RARP", "s", MIG_BETTER_LOWER,
                        "when the hypervisor first announced a guest where it goes on, from its "
                        "resumption; negative: before; of several migrations the latest" },
  [MIG_METRIC_ARP] = { "first_arp_s", "first ARP", "s", MIG_BETTER_LOWER,
                       "the same of the guest's own kernel" },
  [MIG_METRIC_REQUEST_P50_BEFORE] = { "request_p50_before_s", "median request before", "s",
                                      MIG_BETTER_LOWER,
                                      "half of the requests to the server of a guest that moves "
                                      "were answered in that time, before its migration; of "
                                      "several guests the slowest" },
  [MIG_METRIC_REQUEST_P99_BEFORE] = { "request_p99_before_s", "99th percentile of requests before",
                                      "s", MIG_BETTER_LOWER, "the same of 99 % of them" },
  [MIG_METRIC_REQUEST_MAX_BEFORE] = { "request_max_before_s", "longest request before", "s",
                                      MIG_BETTER_LOWER, "of the one that took longest" },
  [MIG_METRIC_REQUEST_P50_DURING] = { "request_p50_during_s", "median request during", "s",
                                      MIG_BETTER_LOWER,
                                      "as request_p50_before_s, of requests under way while it "
                                      "moved" },
  [MIG_METRIC_REQUEST_P99_DURING] = { "request_p99_during_s", "99th percentile of requests during",
                                      "s", MIG_BETTER_LOWER,
                                      "as request_p99_before_s, while it moved" },
  [MIG_METRIC_REQUEST_MAX_DURING] = { "request_max_during_s", "longest request during", "s",
                                      MIG_BETTER_LOWER, "as request_max_before_s, while it moved" },
  [MIG_METRIC_REQUEST_P50_AFTER] = { "request_p50_after_s", "median request after", "s",
                                     MIG_BETTER_LOWER, "as request_p50_before_s, of later ones" },
  [MIG_METRIC_REQUEST_P99_AFTER] = { "request_p99_after_s", "99th percentile of requests after",
                                     "s", MIG_BETTER_LOWER, "as request_p99_before_s, after it" },
  [MIG_METRIC_REQUEST_MAX_AFTER] = { "request_max_after_s", "longest request after", "s",
                                     MIG_BETTER_LOWER, "as request_max_before_s, after it" },
  [MIG_METRIC_REQUESTS_UNANSWERED] = { "requests_unanswered", "requests never answered", "1",
                                       MIG_BETTER_LOWER,
                                       "of those, that were not answered when waiting for them "
                                       "was given up, after the window; they count with the time "
                                       "until then, so that where this is not 0 the longest is at "
                                       "least what it says" },
  [MIG_METRIC_VMCO_OUTAGE] = { "outage_vmco_s", "outage of VMco", "s", MIG_BETTER_LOWER,
                               "as outage_s, of the guests that stay: from the first migration's "
                               "start, summed over them" },
  [MIG_METRIC_VMCO_SILENCE] = { "silence_vmco_s", "silence of VMco", "s", MIG_BETTER_LOWER,
                                "as silence_s, of the guests that stay: the longest of any" },
  [MIG_METRIC_VMCO_SILENCE_FLOOR] = { "silence_floor_vmco_s", "silence of VMco before", "s",
                                      MIG_BETTER_LOWER, "the same before the first migration" },
  [MIG_METRIC_VMCO_STALL] = { "tcp_stall_vmco_s", "TCP stall of VMco", "s", MIG_BETTER_LOWER,
                              "as tcp_stall_s, of the guests that stay: the longest of any" },
  [MIG_METRIC_VMCO_STALL_FLOOR] = { "tcp_stall_floor_vmco_s", "TCP stall of VMco before", "s",
                                    MIG_BETTER_LOWER, "the same before the first migration" },
  [MIG_METRIC_SWITCH_WAIT] = { "switch_wait_s", "wait for the destination's CPU", "s",
                               MIG_BETTER_LOWER,
                               "downtime (guest) less downtime (events), summed over the "
                               "migrations to a host whose CPU "
                               "other guests were using" },
  [MIG_METRIC_SENT] = { "sent_bytes", "transferred", "bytes", MIG_BETTER_LOWER,
                        "bytes that the hypervisor sent, summed", TRUE },
  [MIG_METRIC_SEND_RATE] = { "send_rate_bytes_per_s", "rate of sending", "bytes/s",
                             MIG_BETTER_HIGHER, "sent_bytes per second of transfer_time_s" },
  [MIG_METRIC_ROUNDS] = { "rounds", "rounds", "1", MIG_BETTER_NEITHER, "pre-copy rounds, summed" },
  [MIG_METRIC_DISK_SENT] = { "disk_sent_bytes", "disks transferred", "bytes", MIG_BETTER_LOWER,
                             "what was copied of the guests' disks before their memory, summed; "
                             "not part of sent_bytes" },
  [MIG_METRIC_DISK_TIME] = { "disk_time_s", "time for disks", "s", MIG_BETTER_LOWER,
                             "from when the destination was ready until the first round of memory "
                             "began, summed over the migrations that copied disks; part of "
                             "total_time_s" },
  [MIG_METRIC_LOST_VMMG] = { "lost_work_vmmg_s", "lost work of VMmg", "s", MIG_BETTER_LOWER,
                             "integral of 1 - rate / rate before, from the first migration's start "
                             "to the last one's "
                             "end, summed over the guests that migrate: seconds of their work" },
  [MIG_METRIC_LOST_VMCO] = { "lost_work_vmco_s", "lost work of VMco", "s", MIG_BETTER_LOWER,
                             "the same, summed over the guests that stay" },
  [MIG_METRIC_LOST_ALL] = { "lost_work_all_s", "lost work of all", "s", MIG_BETTER_LOWER,
                            "the same, summed over all guests", TRUE },
  [MIG_METRIC_WINDOW_LOST_VMMG] = { "window_lost_work_vmmg_s",
                                    "lost work of VMmg to the window's end", "s", MIG_BETTER_LOWER,
                                    "as lost_work_vmmg_s, to the end of the window; negative: the "
                                    "guests gained more than they "
                                    "lost" },
  [MIG_METRIC_WINDOW_LOST_VMCO] = { "window_lost_work_vmco_s",
                                    "lost work of VMco to the window's end", "s", MIG_BETTER_LOWER,
                                    "as lost_work_vmco_s, to the end of the window" },
  [MIG_METRIC_WINDOW_LOST_ALL] = { "window_lost_work_all_s", "lost work of all to the window's end",
                                   "s", MIG_BETTER_LOWER,
                                   "as lost_work_all_s, to the end of the window" },
  [MIG_METRIC_MANAGEMENT_SOURCE] = { "management_source_share", "management CPU on the source",
                                     "share", MIG_BETTER_LOWER,
                                     "CPU time of the hypervisor's management on the source per "
                                     "second, from the first "
                                     "migration's start to the last one's end",
                                     TRUE },
  [MIG_METRIC_MANAGEMENT_DESTINATION] = { "management_destination_share",
                                          "management CPU on the destination", "share",
                                          MIG_BETTER_LOWER,
                                          "the same on the destination; of several, their mean" },
  [MIG_METRIC_VMMG_CPU_BEFORE] = { "vmmg_cpu_before_share", "CPU of VMmg before", "share",
                                   MIG_BETTER_HIGHER,
                                   "CPU time of one migrating guest's vCPUs per second, before the "
                                   "first migration" },
  [MIG_METRIC_VMMG_CPU_DURING] = { "vmmg_cpu_during_share", "CPU of VMmg during", "share",
                                   MIG_BETTER_HIGHER,
                                   "the same during its own migration, on both hosts" },
  [MIG_METRIC_VMMG_WAIT_DURING] = { "vmmg_wait_during_share", "wait of VMmg during", "share",
                                    MIG_BETTER_LOWER,
                                    "share of its own migration in which its vCPUs were runnable "
                                    "but waited for a CPU" },
  [MIG_METRIC_VMCO_CPU_BEFORE] = { "vmco_cpu_before_share", "CPU of VMco before", "share",
                                   MIG_BETTER_HIGHER,
                                   "CPU time of one staying guest's vCPUs per second, before the "
                                   "first migration" },
  [MIG_METRIC_VMCO_CPU_DURING] = { "vmco_cpu_during_share", "CPU of VMco during", "share",
                                   MIG_BETTER_HIGHER,
                                   "the same from the first migration's start to the last one's "
                                   "end" },
  [MIG_METRIC_VMCO_WAIT_DURING] = { "vmco_wait_during_share", "wait of VMco during", "share",
                                    MIG_BETTER_LOWER,
                                    "share of that time in which its vCPUs were runnable but "
                                    "waited for a CPU" },
  [MIG_METRIC_LEFT_THROUGHPUT] = { "left_throughput_units_per_s", "throughput left behind",
                                   "units/s", MIG_BETTER_HIGHER,
                                   "work units per second of one guest that stays, over the common "
                                   "window, which begins with "
                                   "the baseline",
                                   TRUE },
  [MIG_METRIC_GUEST_TIME] = { "guest_total_time_s", "total time of one migration", "s",
                              MIG_BETTER_LOWER,
                              "virDomainMigrate3 called until it returned, mean of the class's "
                              "migrations" },
  [MIG_METRIC_GUEST_DOWNTIME_REPORTED] = { "guest_downtime_reported_s",
                                           "downtime of one migration (reported)", "s",
                                           MIG_BETTER_LOWER,
                                           "the hypervisor's own figure, mean of the class's "
                                           "migrations" },
  [MIG_METRIC_GUEST_DOWNTIME_EVENTS] = { "guest_downtime_events_s",
                                         "downtime of one migration (events)", "s",
                                         MIG_BETTER_LOWER,
                                         "by events, mean of the class's migrations" },
  [MIG_METRIC_GUEST_DOWNTIME] = { "guest_downtime_guest_s", "downtime of one migration (guest)",
                                  "s", MIG_BETTER_LOWER,
                                  "by heartbeats, mean of the class's migrations" },
};

const MigMetricInfo *
mig_metric_info (MigMetric metric)
{
  g_return_val_if_fail ((guint) metric < MIG_N_METRICS, NULL);
  return &metrics[metric];
}

const char *
mig_metric_id (guint metric)
{
  return mig_metric_info (metric)->id;
}

gboolean
mig_metric_find (const char *id, MigMetric *metric)
{
  for (guint i = 0; i < MIG_N_METRICS; i++)
    if (strcmp (metrics[i].id, id) == 0)
      {
        *metric = i;
        return TRUE;
      }
  return FALSE;
}
