"""Sessions: where a method computes. In this interpreter, or in a worker: a child process of another one."""
