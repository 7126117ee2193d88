/* Adds the seconds (an int64 of the machine) in the file $SKEWED_CLOCK to the wall clock of the program that loads this first.
   Spans of time go on as they do: only CLOCK_REALTIME jumps. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*real)(clockid_t, struct timespec *);
    static int file = -1;
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int answer = real(clock, time);
    if (answer != 0 || clock != CLOCK_REALTIME) return answer;
    if (file < 0) file = open(getenv("SKEWED_CLOCK"), O_RDONLY | O_CLOEXEC);
    int64_t ahead;
    if (pread(file, &ahead, sizeof ahead, 0) == sizeof ahead) time->tv_sec += ahead;
    return answer;
}
