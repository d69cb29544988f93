/** A module that uses coordconv: the layers bring the kernels with them. */
module sample {
    requires coordconv.layers;
}
