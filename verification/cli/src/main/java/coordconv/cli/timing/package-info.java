/** Times a problem beside its plain convolution and beside the micro-kernel's ceiling, interleaved. */
package coordconv.cli.timing;
