/* A server that answers from a known instant on. Arguments: port, ms until it listens, prints|silent, stamp file. The stamp is
 * CLOCK_MONOTONIC in ns, taken right after listen(). Ends after 60 s. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  const int port = atoi(argv[1]);
  usleep((useconds_t)atoi(argv[2]) * 1000);
  alarm(60);
  const int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
  inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
  if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, 128) != 0) return 3;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (strcmp(argv[3], "prints") == 0) {
    printf("listening on http://127.0.0.1:%d\n", port);
    fflush(stdout);
  }
  FILE *stamp = fopen(argv[4], "w");
  if (stamp == NULL) return 4;
  fprintf(stamp, "%lld\n", (long long)now.tv_sec * 1000000000LL + now.tv_nsec);
  fclose(stamp);
  for (;;) {
    const int client = accept(server, NULL, NULL);
    if (client < 0) continue;
    char request[4096];
    const ssize_t got = read(client, request, sizeof request);
    const char *head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\n";
    if (got > 0) {
      if (write(client, head, strlen(head)) < 0) perror("write");
      if (strncmp(request, "HEAD", 4) != 0 && write(client, "ok", 2) < 0) perror("write");
    }
    close(client);
  }
}
