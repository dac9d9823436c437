/*
 * Bad luck below a process (LD_PRELOAD, glibc): what reads, writes and flushes the database fails with EIO, and the wall clock
 * is off. What it does at a moment stands in a file that is mapped, TORTURE_BAD_LUCK: eight little-endian 64-bit numbers in the
 * order of `struct luck`. Written by npm run torture; see src/torture/bad-luck.ts.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

struct luck {
  volatile int64_t clock_offset_seconds;
  /* 1 in so many calls fails; 0: none does. */
  volatile int64_t reads, writes, flushes;
  /* A write that fails has written half of what it was given. */
  volatile int64_t torn;
  /* Counted here. */
  volatile int64_t failed_reads, failed_writes, failed_flushes;
};

static struct luck *luck;

__attribute__((constructor)) static void map_luck(void) {
  const char *path = getenv("TORTURE_BAD_LUCK");
  int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof(struct luck), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped != MAP_FAILED) luck = mapped;
  close(file);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The database and its log, in whichever folder. */
static int is_database(int file) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, "/monitor.sqlite") != NULL;
}

static int fails(int file, volatile int64_t *share, volatile int64_t *failed) {
  static int64_t calls;
  if (*share == 0 || !is_database(file)) return 0;
  if (__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) % *share != 0) return 0;
  __atomic_add_fetch(failed, 1, __ATOMIC_RELAXED);
  return 1;
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  static __typeof__(&pread64) real;
  if (real == NULL) real = REAL(pread64);
  if (luck == NULL || !fails(file, &luck->reads, &luck->failed_reads)) return real(file, bytes, count, at);
  errno = EIO;
  return -1;
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  static __typeof__(&pwrite64) real;
  if (real == NULL) real = REAL(pwrite64);
  if (luck == NULL || !fails(file, &luck->writes, &luck->failed_writes)) return real(file, bytes, count, at);
  if (luck->torn) real(file, bytes, count / 2, at);
  errno = EIO;
  return -1;
}

int fsync(int file) {
  static __typeof__(&fsync) real;
  if (real == NULL) real = REAL(fsync);
  if (luck == NULL || !fails(file, &luck->flushes, &luck->failed_flushes)) return real(file);
  errno = EIO;
  return -1;
}

int fdatasync(int file) {
  static __typeof__(&fdatasync) real;
  if (real == NULL) real = REAL(fdatasync);
  if (luck == NULL || !fails(file, &luck->flushes, &luck->failed_flushes)) return real(file);
  errno = EIO;
  return -1;
}

static int64_t offset(void) { return luck == NULL ? 0 : luck->clock_offset_seconds; }

int clock_gettime(clockid_t clock, struct timespec *now) {
  static __typeof__(&clock_gettime) real;
  if (real == NULL) real = REAL(clock_gettime);
  int result = real(clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += offset();
  return result;
}

int gettimeofday(struct timeval *now, void *zone) {
  static int (*real)(struct timeval *, void *);
  if (real == NULL) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
  int result = real(now, zone);
  if (result == 0) now->tv_sec += offset();
  return result;
}

time_t time(time_t *told) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (told != NULL) *told = now.tv_sec;
  return now.tv_sec;
}
