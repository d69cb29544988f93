/** Cases to check a kernel on: random ones and their tensors, the passes over them, and what must hold. */
package coordconv.verification.cases;
