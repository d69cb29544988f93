/**
 * What an ML user names: layers, networks, losses, optimisers, training, and the CoordConv paper's tasks.
 */
module coordconv.layers {
    requires transitive coordconv.kernels;
    requires com.fasterxml.jackson.core;

    exports coordconv.layers;
    exports coordconv.layers.activations;
    exports coordconv.layers.convolution;
    exports coordconv.layers.initialisers;
    exports coordconv.layers.io;
    exports coordconv.layers.losses;
    exports coordconv.layers.merging;
    exports coordconv.layers.networks;
    exports coordconv.layers.normalisation;
    exports coordconv.layers.optimisers;
    exports coordconv.layers.pooling;
    exports coordconv.layers.shaping;
    exports coordconv.layers.tasks;
    exports coordconv.layers.training;
}
