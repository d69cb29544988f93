/**
 * Weight files: safetensors and NumPy .npy/.npz, read and written as named float32 arrays.
 *
 * <p>{@link coordconv.layers.io.WeightFile} is the entrance. A file is treated as hostile: every size
 * in it is checked before it is used, nothing is allocated on its word alone, and whatever is wrong
 * with it comes out as a {@link coordconv.layers.io.WeightFileException}. Reading goes through a
 * channel in small pieces rather than a memory map, because a mapped file that another process
 * truncates kills the reader with an error that no caller expects.
 *
 * {@snippet lang=java :
 * Weights.save(network, Path.of("network.safetensors"));
 * Weights.load(network, Path.of("network.safetensors"));      // all names and shapes have to fit
 * LoadReport report = Weights.loadMatching(network, Path.of("pretrained.npz"));
 * }
 */
package coordconv.layers.io;
